"""Being away and coming back, who covers, the weekdays somebody works, and who is told of it."""
