"""The household's record serving the household: standards with dates, declarations, scores that explain themselves.

Nobody below or beside may import this part, except `programme` what it published and `app`. Consents to the commune
live here too, so that a cooperative cannot see that they exist.
"""
