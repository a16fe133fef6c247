"""Papers of a cooperative or of one product, with their validity."""
