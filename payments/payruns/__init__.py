"""Pay runs: who is paid what and why, by two persons where it is much, sent one by one or by the bank's file."""
