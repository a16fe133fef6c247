"""An index built beside the one in use, while the shop goes on selling and publishing, and swapped in one transaction."""
