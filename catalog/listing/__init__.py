"""The form with which a manager, or a helper for her, lists a product: a minute and a half, the rest folded away."""
