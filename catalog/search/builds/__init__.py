"""An index built beside the one in use, while the shop goes on publishing, and swapped in one transaction."""
