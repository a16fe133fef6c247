"""The trace graph walked both ways: from a slip to every buyer, from a parcel to every household."""
