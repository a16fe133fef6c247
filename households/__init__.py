"""Households, their persons with dates, and the consents they give to cooperatives: the shared record.

Nothing here knows who is poor, and no identity number is kept.
"""
