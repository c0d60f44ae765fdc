"""The sample authority: a made-up service, its people and its year, and what is tried, trained and shown on it."""
