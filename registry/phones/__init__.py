"""Declaring and reviewing where there is no line: what a phone may take along, and the door through which its forms
arrive, each exactly once. How the phone holds them is in `static/js/declare/` and docs/adr/0010 and 0053.
"""
