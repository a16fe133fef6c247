"""Many products at once: a cooperative's own tables come in, are looked at cell by cell, accepted, and go out again.

A table waits as a `SheetImport` with its rows; nothing of it is goods until a manager accepts it, and then once.
"""
