"""The page behind the code on a pack: what it is, where it comes from, whom its price reached. No cookie, no write."""
