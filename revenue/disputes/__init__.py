"""A family says that something in its statement is wrong: a recorded conversation with the cooperative."""
