"""Paying producers by bank: each producer's own account, the VietQR that pays it, and the page that writes it down."""
