"""Keys, identity numbers, audited reads, retention, breaches, sessions."""
