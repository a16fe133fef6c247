"""The market as an app of Saleor shops: it publishes goods there, and takes the orders made there as its own.

A webhook is a knock at the door, never a letter: it is proved, then the order is read from the shop itself. The one
part that imports Saleor's SDK, and only once it is used.
"""
