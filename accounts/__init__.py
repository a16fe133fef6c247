"""People who sign in, and the organisations to which grants, ledgers and audit chains point."""
