"""Sandboxes of MoMo, VNPay and ZaloPay: servers of our own, each a process of its own, that verify all they receive.

They import nothing of the product: their signatures are computed by another road, so that a mistake in ours shows.
"""
