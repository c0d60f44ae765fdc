"""What the report says about concerns and reviews: tables of counts with the rule each is counted by (surface 8)."""
