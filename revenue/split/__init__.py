"""How a sale is shared: along the packed lots' weighing slips, under the terms of the day."""
