"""People: addressees, independence, absences, allocation, imports."""
