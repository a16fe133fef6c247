"""Weighing slips: what a producer delivered, signed by both sides, never changed."""
