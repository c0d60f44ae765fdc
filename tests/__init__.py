"""The specification, floor by floor."""
