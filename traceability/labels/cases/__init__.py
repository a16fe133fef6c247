"""Labels of cases and pallets: GS1-128 with the SSCC, what is inside, and the address of the unit's page as QR."""
