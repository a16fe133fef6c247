"""Public figures: a fixed list of tables, commune and above, with small and revealing rows hidden, frozen once."""
