"""GS1 numbers of a cooperative: its registered company prefix, and every number that was given, once and in order.

A number is never minted: a company prefix is licensed by GS1 and entered by an administrator who saw the paper. Without
one, numbers are of restricted circulation: good in this house alone, and every page and label says so.
"""
