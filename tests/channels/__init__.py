"""Feeds: what other sites fetch."""
