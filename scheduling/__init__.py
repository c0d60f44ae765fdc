"""Time: when something is due and who hears of it."""
