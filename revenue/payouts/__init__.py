"""After a payout: returned by the bank, confirmed by the producer; and how much one person may pay alone."""
