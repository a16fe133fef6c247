"""Attempts to pay over a rail: a row each with a stable key. The row is the promise that somebody asks how it ended."""
