"""Buying: the cart, the four steps of ordering, and following an order by its link."""
