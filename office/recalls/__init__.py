"""A recall from the first look to its report: who did what, whom it reached, what is still to do."""
