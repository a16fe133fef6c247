"""Counts of declarations rolled up from village to country. Not recognised classes: those come with recognition."""
