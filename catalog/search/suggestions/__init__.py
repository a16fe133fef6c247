"""Lines offered while somebody types, from a table: kinds of goods, products, sellers, places, traditions."""
