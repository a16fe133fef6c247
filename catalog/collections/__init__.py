"""Shelves put together for a time: Tết, OCOP, a season, gift boxes. Theirs are dates and an order, no goods."""
