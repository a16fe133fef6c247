"""What a contract is made of, before it is drawn."""

from dataclasses import dataclass

from orders.contracts.wordings import Clauses


@dataclass(frozen=True)
class Part:
    """The contract in one language, in words: facts, lines as (what, amount), and what its clauses' places hold."""

    title: str
    made: str
    facts: tuple[tuple[str, str], ...]
    goods_title: str
    lines: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str], ...]
    places: dict[str, str]
    note: str


def filled(clauses: Clauses, places: dict[str, str]) -> list[tuple[str, str]]:
    """The clauses with their places filled in."""
    return [(title, text.format(**places)) for title, text in clauses]
