"""What lists are narrowed by: as short tokens that both engines index beside the words, and as a code that is counted.

`qzc` category id · `qzo` cooperative id · `qzp` province's unit id · `qze` tradition, folded · `qzs` OCOP stars ·
`qzb` price band; and, never counted, `qzm` harvest month · `qzg` and `qzl` a pack's grams or millilitres · `qza` on
PostgreSQL, how new.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from catalog.search.words import folded_words

MARK = "qz"
BANDS_VND = (50_000, 100_000, 200_000, 500_000)  # below the first, between two, and from the last on
DIMENSIONS = {"category": "c", "cooperative": "o", "province": "p", "ethnic_group": "e", "ocop": "s", "price": "b",
              "in_season": "m"}  # fmt: skip


def token(dimension: str, value: object) -> str:
    """The token of a value.

    >>> token("category", 12), token("ethnic_group", "Ê-đê")
    ('qzc12', 'qzeede')
    """
    if dimension == "ethnic_group":
        value = "".join(folded_words(str(value)))
    return f"{MARK}{DIMENSIONS[dimension]}{value}"


def size_token(quantity: int, unit: str) -> str | None:
    """The token of a pack's net quantity; None for pieces."""
    kind = {"g": "g", "ml": "l"}.get(unit)
    return f"{MARK}{kind}{quantity}" if kind else None


def band_of(price_vnd: int) -> int:
    """Which price band a price falls in.

    >>> [band_of(price) for price in (49_999, 50_000, 200_000, 900_000)]
    [0, 1, 3, 4]
    """
    return sum(price_vnd >= edge for edge in BANDS_VND)


def bands_between(low_vnd: int | None, high_vnd: int | None) -> tuple[int, ...]:
    """The bands that hold prices from low to high."""
    first = band_of(low_vnd) if low_vnd is not None else 0
    last = band_of(high_vnd) if high_vnd is not None else len(BANDS_VND)
    return tuple(range(first, last + 1))


def band_edges(band: int) -> tuple[int | None, int | None]:
    """The lowest and highest price of a band; None where it is open.

    >>> band_edges(0), band_edges(1), band_edges(4)
    ((None, 49999), (50000, 99999), (500000, None))
    """
    low = BANDS_VND[band - 1] if band else None
    high = BANDS_VND[band] - 1 if band < len(BANDS_VND) else None
    return low, high


def traditions_of(text: str) -> list[str]:
    """The traditions that a cooperative states: "Tày, Nùng" is two."""
    return [part.strip() for part in text.split(",") if part.strip()]


def months_of(mask: int | None) -> list[int]:
    """The months 1 to 12 of a harvest mask (bit 0 is January).

    >>> months_of(0b1000_0000_0001)
    [1, 12]
    """
    return [month for month in range(1, 13) if (mask or 0) >> (month - 1) & 1]


def month_tokens(mask: int | None) -> str:
    """The tokens of the months of harvest, one space between."""
    return " ".join(token("in_season", month) for month in months_of(mask))


def tokens_of(*, category: int | None, cooperative: int, province: int | None, traditions: Iterable[str],
              ocop: int | None, price_vnd: int) -> str:  # fmt: skip
    """What a product can be found by beside its words, one space between."""
    found = [token("cooperative", cooperative), token("price", band_of(price_vnd))]
    found += [token("category", category)] if category else []
    found += [token("province", province)] if province else []
    found += [token("ethnic_group", name) for name in traditions]
    found += [token("ocop", ocop)] if ocop else []
    return " ".join(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many products are of a category, cooperative or province (by id), have so many stars, are in a price band."""

    category: Counter[int] = field(default_factory=Counter)
    cooperative: Counter[int] = field(default_factory=Counter)
    province: Counter[int] = field(default_factory=Counter)
    ocop: Counter[int] = field(default_factory=Counter)
    price: Counter[int] = field(default_factory=Counter)
    ripe: int = 0


WIDTH, _FIRST, _MONTHS = 5, 0x21, 0x100
_SURROGATES, _SURROGATES_END = 0xD800, 0xE000  # numbers that are no letters


def letter(number: int) -> str:
    """An id as a letter of the code."""
    place = _FIRST + number
    return chr(place + (_SURROGATES_END - _SURROGATES if place >= _SURROGATES else 0))


def _number(sign: str) -> int:
    place = ord(sign)
    return place - _FIRST - (_SURROGATES_END - _SURROGATES if place >= _SURROGATES_END else 0)


def code_of(*, category: int | None, cooperative: int, province: int | None, ocop: int | None, price_vnd: int,
            harvest_months: int) -> str:  # fmt: skip
    """What counting reads of a product: five letters. Raises ValueError for ids beyond a million.

    >>> code_of(category=1, cooperative=2, province=None, ocop=4, price_vnd=65_000, harvest_months=0b100)
    '"#!-Ą'
    """
    numbers = (category or 0, cooperative, province or 0, band_of(price_vnd) * 8 + (ocop or 0))
    return "".join(map(letter, numbers)) + chr(_MONTHS + harvest_months)


@lru_cache(maxsize=64)  # at most 20 KB each: the same goods on the next page, in another order, in English
def counts(joined: str, total: int, month: int) -> Counts:
    """What so many products are, from their codes joined; to be read only. Nothing where codes of another form are
    among them: the index is being built anew.

    >>> one = code_of(category=1, cooperative=2, province=None, ocop=4, price_vnd=65_000, harvest_months=4)
    >>> found = counts(one * 3, total=3, month=3)
    >>> found.category, found.province, found.ocop, found.price, found.ripe
    (Counter({1: 3}), Counter(), Counter({4: 3}), Counter({1: 3}), 3)
    """
    if len(joined) != total * WIDTH:
        return Counts()
    categories, cooperatives, provinces, papers, months = (
        Counter(joined[place::WIDTH]) for place in range(WIDTH)
    )
    stars, bands = Counter[int](), Counter[int]()
    for sign, count in papers.items():
        band, star = divmod(_number(sign), 8)
        bands[band] += count
        if star:
            stars[star] += count
    bit = 1 << (month - 1)
    ripe = sum(count for sign, count in months.items() if (ord(sign) - _MONTHS) & bit)
    return Counts(_numbers(categories), _numbers(cooperatives), _numbers(provinces), stars, bands, ripe)


def _numbers(signs: Counter[str]) -> Counter[int]:
    return Counter({number: count for sign, count in signs.items() if (number := _number(sign))})


def wanted_tokens(dimension: str, values: Sequence[object]) -> tuple[str, ...]:
    """The tokens of which a product must have one; a value that nothing has where none is known."""
    return tuple(token(dimension, value) for value in values) or (f"{MARK}none",)
