"""A programme's part of prices: set aside, held for orders, owed to the cooperative on delivery, paid."""
