"""Terms at work: the hours that labour clauses count, what was sold by weight, and what a draft would have changed."""
