"""Every change of a product: who, when, which fields, before and after. Rows are never changed."""
