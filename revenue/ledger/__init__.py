"""The book: one ledger per organisation, balanced entries that never change, a hash chain over them."""
