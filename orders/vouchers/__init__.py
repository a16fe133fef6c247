"""Vouchers: a code that takes something off, paid for by the cooperative itself or by a programme's subsidy."""
