"""Services that watch a bank account and tell of money: their secrets, one for each account, and their door."""
