"""Selling elsewhere from the one stock: files that other sites fetch, and what a cooperative shares by itself.

Nothing but `app` imports this part. It reads the catalogue's public views and never a household.
"""
