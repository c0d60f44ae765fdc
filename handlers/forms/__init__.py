"""Forms that declare themselves: what is asked is said once, and drawn, read, refused and kept by that."""
