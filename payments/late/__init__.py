"""Money that comes for an order, when the order may have lapsed: the same rule at every door."""
