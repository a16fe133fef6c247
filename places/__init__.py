"""Administrative units with dates, old to new; addresses and shipping zones. No person in it."""
