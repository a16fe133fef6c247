"""How long what is kept of buyers: orders stay for the books, who bought is erased once nobody must keep it."""
