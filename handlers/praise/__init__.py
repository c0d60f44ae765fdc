"""Good practice recognised by IROs: the form, the message to those it is for, and the words behind its button."""
