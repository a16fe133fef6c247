"""What each kind of goods usually says: the fields its label law asks, usual units and shelf life, prefilled texts."""
