"""What marketplaces hold for a cooperative: each sold its goods, took the buyer's money, keeps a fee and settles later.

No second book stands behind it: the site's is its own. Only what its files and its transfers say is written here.
"""
