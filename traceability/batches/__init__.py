"""Recipes and batches: slips and lots go in, lots come out, and the mass has to balance."""
