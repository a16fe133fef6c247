"""Packing goods that are weighed then: the scale decides the price, and what was prepaid too much goes back."""
