"""The duties of a marketplace in Vietnam, row by row: docs/guide/open-in-vietnam.md names this file."""
