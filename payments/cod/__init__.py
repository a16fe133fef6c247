"""Cash on delivery: collected by the carrier, remitted less its fee, or refused at the door."""
