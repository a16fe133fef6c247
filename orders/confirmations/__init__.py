"""The buyer's own yes to a cash-on-delivery order: a code sent to the phone that the parcel will be brought to."""
