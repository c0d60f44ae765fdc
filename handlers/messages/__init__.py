"""Messages to people: owing them, writing them at sending, and what follows when they arrive or cannot."""
