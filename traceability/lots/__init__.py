"""Lots: made by batches or promised, packed, recalled; where they come from and where they went."""
