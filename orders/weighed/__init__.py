"""Order lines whose pieces are weighed at packing: what was agreed, what each piece weighed, what it came to."""
