"""How many gift boxes can be sold: follows the pieces of their parts, at the end of the transaction that moved them."""
