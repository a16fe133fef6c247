"""The month in the book: balance sheet and income statement, closed by one person, opened again only with a second."""
