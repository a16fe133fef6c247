"""GS1 identification: numbers and their check digits, Digital Link addresses, element strings, bars and modules."""
