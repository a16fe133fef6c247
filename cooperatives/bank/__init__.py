"""Where a cooperative's money goes: its bank accounts, and how one is changed by two persons."""
