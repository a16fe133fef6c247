"""Purchases made without an account, taken into one later by whoever holds the phone."""
