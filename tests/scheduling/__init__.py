"""The time rules, proved against printed calendars."""
