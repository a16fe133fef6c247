"""Papers of single lots and of plots: growing-area codes, test reports; and a paper's own page with its history."""
