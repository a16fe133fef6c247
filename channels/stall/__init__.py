"""The stall at a fair: goods carried out and back, a till that opens without a line, sales that arrive exactly once."""
