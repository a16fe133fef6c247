"""The roster with dates: births, deaths, marriages, moves, splits and merges, written once and never changed.

Who belonged where on any day is read from these events; `household_member` is what they come to.
"""
