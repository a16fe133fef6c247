"""The shop's own words, for "did you mean": a small Whoosh index on this machine, made anew by the worker and swapped.

Whoosh finds the words near a misspelt one. It is not the index of products; `docs/adr/0012-search.md` says why.
"""
