"""What a seller's own vouchers at another place took off an order, after it was made."""
