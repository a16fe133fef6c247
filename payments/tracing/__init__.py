"""One order's money on one page: what came, what the book says, who got which share, and which payout paid it."""
