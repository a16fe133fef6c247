"""A household's own yes where it has no phone at hand: its PIN, or its mark before a witness with a photo of the sheet."""
