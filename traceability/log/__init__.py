"""The transparency log's leaves: one salted hash per event, in a row that can never change, and the tree over them."""
