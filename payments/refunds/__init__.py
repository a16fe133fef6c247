"""Money owed back: cancelling, refunding whole or in part, and sending it."""
