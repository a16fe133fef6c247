"""Recorded conversations: who said what to whom, and how it ended. Lines are added and never changed.

A conversation knows an opaque party key and two sides; the part that opens one keeps the link, checks who may read and
write, and owns the page.
"""
