"""Reviews of children in care: planned from the timetable, booked, held, recorded, and what goes with them."""
