"""Who supplies a cooperative: producers and their dated standing."""
