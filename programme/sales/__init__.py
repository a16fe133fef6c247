"""What cooperatives sold, by month, cooperative, product and channel."""
