"""Tests of what people do around reviews."""
