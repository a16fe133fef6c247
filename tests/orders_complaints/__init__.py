"""Complaints: the way they go, and the clock."""
