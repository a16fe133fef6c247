"""How often codes are opened, by day and without anybody's trace, and what may fairly be said of it."""
