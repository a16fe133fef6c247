"""The buyer's own orders: the same again, and those made without an account taken into one."""
