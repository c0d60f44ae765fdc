"""Absences, who is told of them, and days worked."""
