"""Which of the products that match stands first. A pure rule, the same for both engines; `/ranking` tells everybody.

Nothing else counts: no money paid, no turnover, nobody's earlier looks.
"""

from collections.abc import Sequence
from typing import NamedTuple

from catalog.search.facets import size_token
from catalog.search.rules import Query, term_texts
from catalog.search.synonyms import Term

NAME, MARKS_ASIDE, ABOUT = 4, 3, 2  # what a term is worth by where it stands; in the story it only matches


class Candidate(NamedTuple):
    """A product that matches. name: its words with marks; folded: without; about: words of kind, seller and places,
    folded; sizes: tokens of its packs. All but the id are words with one space between."""

    product_id: int
    name: str
    folded: str
    about: str
    sizes: str
    in_stock: bool


def rank(query: Query, candidates: Sequence[Candidate]) -> list[int]:
    """The ids, best first.

    1. a pack of the quantity asked for; 2. the phrase in the name, with the marks that were typed; 3. all terms in the
    name, as typed or in other words for the same; 4. the phrase in the name, marks aside; 5. all terms in the
    name, marks aside; 6. the name begins with one of them; 7. all terms in name, kind, seller and place; 8. more of
    them, those of the name first; then what is in stock, the shorter name, the newer product.
    """
    size = size_token(query.amount.quantity, query.amount.unit) if query.amount else None
    exact, folded = f" {' '.join(query.exact)} ", f" {' '.join(query.folded)} "
    terms = [_Asked(term, text) for term, text in zip(query.terms, term_texts(query), strict=True)]
    begins = tuple(phrase for term in terms for phrase in term.all)

    def key(one: Candidate) -> tuple[object, ...]:
        name, plain, about = f" {one.name} ", f" {one.folded} ", f" {one.about} "
        places = [term.place(name, plain, about) for term in terms]
        least = min(places, default=0)
        return (
            not (size and f" {size} " in f" {one.sizes} "),
            exact not in (name if query.marked else plain),
            least < NAME,
            folded not in plain,
            least < MARKS_ASIDE,
            not plain.startswith(begins),
            not least,
            -sum(places),
            -one.in_stock,
            len(name),
            -one.product_id,
        )

    return [one.product_id for one in sorted(candidates, key=key)]


class _Asked:
    """A term with its words joined and padded once, to be looked for in many names."""

    def __init__(self, term: Term, text: str) -> None:
        self.all = tuple([f" {' '.join(phrase)} " for phrase in term])
        self.first, self.others = self.all[0], self.all[1:]
        self.marked = "" if text.isascii() else f" {text} "

    def place(self, name: str, plain: str, about: str) -> int:
        """Where the term stands: 5 in the name as typed, 4 there by another word for it, 3 there with other marks, 2 in
        kind, seller or place, 0 elsewhere."""
        there = self.first in plain
        if there and (not self.marked or self.marked in name):
            return NAME + 1
        for phrase in self.others:
            if phrase in plain:
                return NAME
        if there:
            return MARKS_ASIDE
        for phrase in self.all:
            if phrase in about:
                return ABOUT
        return 0
