"""Saleor shops, over a small Saleor of our own."""
