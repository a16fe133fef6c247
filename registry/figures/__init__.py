"""Figures of a round from stored results: what officers read. Of declarations, until classes are recognised."""
