"""The built-in page in a real browser, driven as its people would drive it."""
