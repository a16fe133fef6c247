"""Guards over the whole site."""
