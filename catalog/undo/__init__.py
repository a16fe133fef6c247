"""Taking a change of a product back. Taking back is itself a change, with the same checks."""
