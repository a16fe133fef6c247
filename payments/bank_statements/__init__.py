"""A bank's statement as a file: read, shown, and booked once however often it, or one that overlaps it, is sent."""
