"""What a manager does where there is no line: pages that a phone keeps, and the door through which its drafts arrive.

The pages are public and the same bytes for everybody, so that keeping them keeps nothing about anybody. What the phone
itself holds, and how it is sealed, is in `static/js/offline/` and docs/adr/0010.
"""
