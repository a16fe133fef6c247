"""What people who bought say about goods: one review a line of a delivered order, answerable once."""
