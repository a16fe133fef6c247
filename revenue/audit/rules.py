"""What an audit counts on its way, so that its last line can say how much it has looked at."""

from dataclasses import dataclass


@dataclass
class Tally:
    """Everything recomputed so far. debit_vnd: the sum of all debits, đồng; the credits are the same."""

    ledgers: int = 0
    entries: int = 0
    postings: int = 0
    debit_vnd: int = 0

    def __str__(self) -> str:
        """As operators read it: 3 ledgers, 12 entries, 51 postings, 1300000 đồng."""
        return (
            f"{self.ledgers} ledgers, {self.entries} entries, {self.postings} postings, {self.debit_vnd} đồng"
        )
