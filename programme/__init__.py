"""What project staff see: revenue, how many families it reaches, and which cooperatives to call.

Owns no table. Reads sums from `revenue`, standings from `cooperatives`, and counts of persons from `households`; it
never prints a name, phone or id of a person, and never reads `registry`: nobody here can learn which household is poor.
"""
