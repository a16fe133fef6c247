"""Settlement terms as dated documents: clauses, the draft being written, and the text that everybody can read."""
