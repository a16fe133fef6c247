"""A query as its words, and what may be asked of a list. Pure functions."""

from dataclasses import dataclass, field
from enum import StrEnum

from catalog.search.amounts import Amount, take_amount
from catalog.search.synonyms import Term, may_drop, read_words, terms_of
from catalog.search.words import folded_words
from core.text import clean, has_marks

WORDS_MAX = 12
PAGE_SIZE = 20
EXACT_MAX = 2_000  # hits are counted up to here; beyond it is "more than"
# Fifteen pages. Where there are more hits, those with all terms in the name are ranked, the newest of them.
RANKED_MAX = 300
PAGES_MAX = EXACT_MAX // PAGE_SIZE


class Sort(StrEnum):
    """The orders of a list."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True)
class Query:
    """What was typed, and what it asks for.

    exact: its words with marks, left-overs of typing decoded; folded: the same without marks; marked: whether it
    carries marks; terms: what a product must hold, each with its other words; amount: a quantity asked for, which is
    preferred.
    """

    typed: str
    exact: tuple[str, ...]
    folded: tuple[str, ...]
    marked: bool
    terms: tuple[Term, ...] = ()
    amount: Amount | None = None

    def __bool__(self) -> bool:
        return bool(self.folded or self.amount)


def read_query(typed: str) -> Query:
    """Read a search as typed, in NFC or NFD, at most twelve words.

    >>> query = read_query("mua mieens dong 5 cân")
    >>> query.folded, query.terms[0][0], query.amount.quantity
    (('mua', 'mien', 'dong'), ('mien', 'dong'), 5000)
    """
    plain = clean(typed[:200])
    rest, amount = take_amount(plain)
    exact, raw = (part[:WORDS_MAX] for part in read_words(rest))
    terms = terms_of(exact, raw)
    needed = tuple(term for term in terms if not may_drop(term))
    folded = tuple(word for one in exact for word in folded_words(one))
    return Query(plain, tuple(exact), folded, has_marks(" ".join(exact)), needed or terms, amount)


def term_texts(query: Query) -> list[str]:
    """Each term of a query as it was typed, marks and all.

    >>> term_texts(read_query("mật ong bạc hà"))
    ['mật ong', 'bạc', 'hà']
    """
    words, found, at = list(query.exact), list[str](), 0
    for term in query.terms:
        length, start = len(term[0]), at
        while (
            start + length <= len(words)
            and tuple(folded_words(" ".join(words[start : start + length]))) != term[0]
        ):
            start += 1
        here = " ".join(words[start : start + length])
        found.append(here or " ".join(term[0]))
        at = start + length if here else at
    return found


def fewer_words(query: Query) -> list[tuple[Term, ...]]:
    """The terms of a query with one left out, each in turn; empty for a query of one term."""
    count = len(query.terms)
    return [query.terms[:left] + query.terms[left + 1 :] for left in range(count)] if count > 1 else []


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. Empty means all. Money in đồng; ocop: at least so many stars."""

    category: tuple[str, ...] = ()
    cooperative: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    ethnic_group: tuple[str, ...] = ()
    ocop: int | None = None
    min_price_vnd: int | None = None
    max_price_vnd: int | None = None
    in_stock: bool = False
    in_season: bool = False

    @property
    def count(self) -> int:
        """How many filters are set."""
        lists = len(self.category) + len(self.cooperative) + len(self.province) + len(self.ethnic_group)
        single = (self.ocop, self.min_price_vnd, self.max_price_vnd)
        return lists + sum(value is not None for value in single) + self.in_stock + self.in_season


@dataclass(frozen=True)
class Asked:
    """A whole request for a list."""

    query: Query = field(default_factory=lambda: read_query(""))
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
