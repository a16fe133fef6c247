"""Scoring a whole country's answers from a file, in one pass, by the same standard as the one-by-one scorer."""
