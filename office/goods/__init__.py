"""Prices and counts of many packs on one screen: one form, one transaction, and nothing typed is lost."""
