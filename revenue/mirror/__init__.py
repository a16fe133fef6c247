"""A household's own mirror: where its kilos went, what became of them, at what price, and what it got of that."""
