"""Payments: what a buyer owes for each order, the money that came, what is owed back, and cash on delivery.

Owns the tables payment, transfer, refund, refund_line, cod_remittance, cod_remittance_line, producer_account; the one
door by which an order is made (`operations.check_out`); the providers that tell of money (`providers/`); and the page
that pays a producer by bank. Money itself is only in the ledger (`revenue`): nothing here stores a balance.
"""
