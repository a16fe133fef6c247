"""A member of the community digital team fills in a cooperative's products, after its manager agreed; the manager
confirms what was filled in before it can be sold."""
