"""Complaints with progress: to the cooperative first, to the market when that does not settle it, each in its time."""
