"""Cooperatives, their application, staff, bank accounts and settlement terms; producers with dated standing."""
