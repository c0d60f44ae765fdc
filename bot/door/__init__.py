"""The door before every address: how much may come in, how fast, from how many, and who has to prove themselves."""
