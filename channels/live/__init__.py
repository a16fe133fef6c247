"""Selling under a live broadcast: a sheet of pinned goods, comments that become draft orders, all confirmed at once."""
