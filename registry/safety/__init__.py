"""Keeping what is held safe: fences, keys, how long things stay, and what is done when something leaks."""
