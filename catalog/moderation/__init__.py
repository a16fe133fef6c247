"""What may not be shown: forbidden goods and words, take-downs authorities ask for, notices before a suspension."""
