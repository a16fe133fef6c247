"""What a manager sees across parts: the day on one page, and recall."""
