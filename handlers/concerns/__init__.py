"""The deeds around a concern: each reads as a recipe, and each refuses in one sentence."""
