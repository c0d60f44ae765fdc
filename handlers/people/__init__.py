"""People and children: who is asked, who stands in, who is away, who holds which case."""
