"""Events in the standard: hashes, checks, capture, queries, keys."""
