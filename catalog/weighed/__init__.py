"""Goods sold by the piece and weighed at packing: a price per kilogram, and the band a piece's weight lies in."""
