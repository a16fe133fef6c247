"""What project staff see and do of subsidies: budgets, codes, what was spent where."""
