"""Money that changed hands across a counter: cash into the treasurer's till, transfers that came before their order."""
