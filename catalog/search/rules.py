"""A query as its words, and what may be asked of a list. Pure functions."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.text import clean, fold, has_marks, words

WORDS_MAX = 12
PAGE_SIZE = 20
PAGES_MAX = 500


class Sort(StrEnum):
    """The orders of a list."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DOWN = "price_down"


@dataclass(frozen=True)
class Query:
    """What was typed: its words as typed (NFC, lower case), folded, and whether it carries marks."""

    typed: str
    exact: tuple[str, ...]
    folded: tuple[str, ...]
    marked: bool

    def __bool__(self) -> bool:
        return bool(self.folded)


def read_query(typed: str) -> Query:
    """Read a search as typed, in NFC or NFD, at most twelve words.

    >>> read_query("Tinh  dâ\\u0300u QUẾ").folded
    ('tinh', 'dau', 'que')
    """
    plain = clean(typed[:200])
    exact = tuple(words(plain)[:WORDS_MAX])
    return Query(plain, exact, tuple(word for one in exact for word in words(fold(one))), has_marks(plain))


def tokens(text: str) -> str:
    """A text as the words that both engines index, with marks, one space between."""
    return " ".join(words(text))


def folded_tokens(text: str) -> str:
    """The same without marks."""
    return " ".join(words(fold(text)))


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

    @property
    def count(self) -> int:
        """How many filters are set."""
        lists = len(self.category) + len(self.cooperative) + len(self.province) + len(self.ethnic_group)
        single = (self.ocop, self.min_price_vnd, self.max_price_vnd)
        return lists + sum(value is not None for value in single) + self.in_stock


@dataclass(frozen=True)
class Asked:
    """A whole request for a list."""

    query: Query = field(default_factory=lambda: read_query(""))
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
