"""Households, their persons with dates, and the consents they give to cooperatives: the shared record.

Nothing here knows who is poor. An identity number is kept only where its owner asked for it, sealed (`identity`).
"""
