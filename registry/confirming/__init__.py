"""A household's own yes without a phone at hand: its PIN, or its mark before a witness with a photo of the sheet."""
