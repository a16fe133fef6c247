"""Money that a buyer paid at another shop: a collector's merchant account there took it, for orders that are ours."""
