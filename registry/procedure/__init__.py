"""The way of a household from a request, or the round's list, to recognition: one case, one state table, two people."""
