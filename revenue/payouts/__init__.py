"""Money that went to a producer, afterwards: returned by the bank, confirmed by her, and how much one person may pay alone."""
