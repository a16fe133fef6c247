"""Moderation: words, take-downs with their clock, suspensions with notice."""
