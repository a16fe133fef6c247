"""An order's parcel as the trace sees it: sent, arrived and sold, or lost. Nothing of the buyer goes down there."""
