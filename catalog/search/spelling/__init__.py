"""\"Did you mean\": the shop's own words in a small Whoosh index on this machine, made by the worker beside the old one.

Whoosh finds the words near a misspelt one. It is not the index of products; `docs/adr/0012-search.md` says why.
"""
