"""Tests of what people and the clock can do."""
