"""Gift boxes inside an order: what was agreed for the box, and its price divided over the lines it became."""
