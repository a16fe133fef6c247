"""Multidimensional measures of a population: headcount, intensity, adjusted headcount, contributions."""
