"""Whoever should not see a household's rows does not, by the database alone and by the application alone."""
