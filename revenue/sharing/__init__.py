"""`flask revenue split`: the arithmetic of a share alone, for those who want to check it without a database."""
