"""Tests of declaring and reviewing without a line, and of a household's own yes."""
