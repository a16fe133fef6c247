"""Marketplaces without an open door: their own templates come back filled, their order files become orders here.

Nothing is sent to a site and nothing is fetched from it: a manager carries files. Which columns they have is read from
each file; no site's file was to be had, so every limit and every word of theirs is unverified and says so.
"""
