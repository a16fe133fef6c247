"""Buying: the cart, the three steps of ordering, and following an order by its link."""
