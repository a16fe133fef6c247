"""What buyers ask about goods, and what the cooperative answers."""
