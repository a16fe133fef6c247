"""What is kept, for how long, and what a cooperative takes home."""
