"""Whole cases over real HTTP, with a moving clock, told as stories."""
