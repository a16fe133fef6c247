"""Paying an order over a wallet, a gateway or a card: the way there, the way back, another try, another way."""
