"""What a cooperative takes home of its own data, and what the market reports each year."""
