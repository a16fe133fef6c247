"""Which of the products that match stands first. A pure rule, the same for both engines; `/ranking` says it to everybody.

Nothing else counts: no money paid, no turnover, nobody's earlier looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.search.facets import size_token
from catalog.search.rules import Query
from catalog.search.synonyms import Term
from catalog.search.words import holds

NAME, ABOUT = (
    4,
    2,
)  # a word of the name, a word of kind, seller and place; the story's words count by matching


@dataclass(frozen=True, slots=True)
class Candidate:
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

    1. a pack of the quantity asked for; 2. the phrase in the name with its marks, when the query has any; 3. the phrase
    in the name; 4. all terms in the name; 5. all terms in name, kind, seller and place; 6. more of the words, those of
    the name first; then what is in stock, the shorter name, the newer product.
    """
    size = size_token(query.amount.quantity, query.amount.unit) if query.amount else None
    exact = " ".join(query.exact) if query.marked else ""
    folded = " ".join(query.folded)
    marked_words = [word for word in query.exact if not word.isascii()]

    def key(one: Candidate) -> tuple[int, ...]:
        name, plain, about = f" {one.name} ", f" {one.folded} ", f" {one.about} "
        places = [_place_of(term, plain, about) for term in query.terms]
        return (
            -bool(size and holds(f" {one.sizes} ", size)),
            -bool(exact and holds(name, exact)),
            -bool(folded and holds(plain, folded)),
            -all(place >= NAME for place in places),
            -all(places),
            -sum(holds(name, word) for word in marked_words),
            -sum(places),
            -one.in_stock,
            len(one.name),
            -one.product_id,
        )

    return [one.product_id for one in sorted(candidates, key=key)]


def _place_of(term: Term, name: str, about: str) -> int:
    """Where a term stands: 5 as typed in the name, 4 by another word for it, 2 in kind, seller or place, 0 elsewhere."""
    if holds(name, " ".join(term[0])):
        return NAME + 1
    if len(term) == 1:
        return ABOUT if holds(about, " ".join(term[0])) else 0
    if any(holds(name, " ".join(phrase)) for phrase in term[1:]):
        return NAME
    return ABOUT if any(holds(about, " ".join(phrase)) for phrase in term) else 0
