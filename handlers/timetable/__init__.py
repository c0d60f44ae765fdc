"""What the law and the procedures make of a child's reviews: when each falls due, and the tasks around it."""
