"""The same again: what an order held goes into a cart."""
