"""Taking an order's goods from other lots when a lot is stopped."""
