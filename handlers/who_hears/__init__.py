"""One table of acts and people: for each act, of a person or of the clock, who hears of it and how, or why not."""
