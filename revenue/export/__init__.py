"""The book as files that other accounting programs read."""
