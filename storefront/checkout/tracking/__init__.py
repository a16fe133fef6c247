"""Following an order without an account: by its link, or by phone number and code."""
