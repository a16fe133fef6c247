"""Recomputing the whole book from its beginning, and naming the first thing that does not fit."""
