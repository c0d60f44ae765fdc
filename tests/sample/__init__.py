"""The sample authority: its people and its year, its situations and its exercises."""
