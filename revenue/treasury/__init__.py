"""The treasurer's month on a phone: what there is, what is coming, what is owed to whom, what each product leaves."""
