"""Carts, purchases, orders and their way to the buyer: what was agreed, where it stands, which lots it holds.

Owns the tables cart, cart_line, purchase, sale_order, order_line, allocation, order_event and problem. Money is told to
orders by the parts above (`payments` pays and cancels, `revenue` delivers); goods are moved through `traceability`.
"""
