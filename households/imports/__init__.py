"""A commune's own list of households, taken in as it is: columns, faults by cell, doubles explained, then accepted."""
