"""Which cooperatives need a call, and about what."""
