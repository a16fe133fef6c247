"""What the buyer is told at each step."""
