"""What a person, or the clock, can do: the rule, the refusal and the words of each deed."""
