"""Amounts, shelf lives and seasons as people say them."""
