"""Money that came: told by a provider or entered by hand, matched to an order or held in suspense."""
