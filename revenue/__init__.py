"""Owns money: the ledger, the split of each sale among producers, advances, payouts and statements.

`ledger/` holds the book itself (accounts, entries, postings, the chain) and knows no sale. `split/` holds the
rules by which a sale, a refund or a guarantee is shared. `slips/` is the weighing wizard, since weighing pays
an advance.
"""
