"""How many producers and households are reached, as counts alone."""
