"""Poverty standards as dated files: read, checked, hashed, frozen at first use; points imported and approved by two.

`data/` holds one file per standard, `schema.json` says how a file is made. A file that was used is never edited: what
changes comes as another file with other dates.
"""
