"""Bought outright or sold for the maker, internal or external: purchases, the cost of goods sold, both books."""
