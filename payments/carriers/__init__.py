"""Carriers: how long they hold cash, the tables by which they pay it over, and what they lost."""
