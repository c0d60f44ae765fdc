"""Tests of the edge: platforms, the command line and the web."""
