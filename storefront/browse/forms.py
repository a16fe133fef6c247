"""What a list is asked for, read from the address. A GET form without token: unknown values count as none."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from catalog.search.facets import BANDS_VND, band_edges
from catalog.search.rules import Asked, Filters, Sort, read_query
from core.errors import Invalid
from core.money import PRICE_MAX_VND, parse_vnd
from core.text import clean

VALUES_MAX = 20
READ = ("q", "category", "cooperative", "province", "ethnic_group", "ocop", "min_price", "max_price", "band",
        "in_stock", "in_season", "sort", "page")  # fmt: skip


def _many(args: "MultiDict[str, str]", name: str) -> tuple[str, ...]:
    values = (clean(value)[:80] for value in args.getlist(name)[:VALUES_MAX])
    return tuple(dict.fromkeys(value for value in values if value))


def _money(args: Mapping[str, str], name: str) -> int | None:
    try:
        return min(parse_vnd(args[name]), PRICE_MAX_VND) if args.get(name) else None
    except Invalid:
        return None


def _whole(args: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    value = args.get(name, "")
    return (
        int(value)
        if value.isascii() and value.isdigit() and len(value) < 6 and low <= int(value) <= high
        else None
    )


def _prices(args: Mapping[str, str]) -> tuple[int | None, int | None]:
    """The lowest and highest price: as typed, else those of the chosen band."""
    typed = _money(args, "min_price"), _money(args, "max_price")
    band = _whole(args, "band", 0, len(BANDS_VND))
    return band_edges(band) if typed == (None, None) and band is not None else typed


def read_page(args: Mapping[str, str]) -> int:
    """Which page of a list an address asks for; the first unless it says one."""
    return _whole(args, "page", 1, 500) or 1


def read_asked(args: "MultiDict[str, str]") -> Asked:
    """The list that an address asks for."""
    filters = Filters(
        _many(args, "category"), _many(args, "cooperative"), _many(args, "province"), _many(args, "ethnic_group"),
        _whole(args, "ocop", 3, 5), *_prices(args), args.get("in_stock") == "1", args.get("in_season") == "1",
    )  # fmt: skip
    query = read_query(args.get("q", ""))
    given = args.get("sort", "")
    sort = Sort(given) if given in set(Sort) else Sort.RELEVANCE
    return Asked(query, filters, sort, read_page(args))


def address_of(asked: Asked) -> dict[str, object]:
    """The reverse: the query string of a list, without its page; only what is set."""
    filters = asked.filters
    every: dict[str, object] = {
        "q": asked.query.typed, "category": list(filters.category), "cooperative": list(filters.cooperative),
        "province": list(filters.province), "ethnic_group": list(filters.ethnic_group), "ocop": filters.ocop,
        "min_price": filters.min_price_vnd, "max_price": filters.max_price_vnd, "in_stock": int(filters.in_stock),
        "in_season": int(filters.in_season), "sort": "" if asked.sort is Sort.RELEVANCE else str(asked.sort),
    }  # fmt: skip
    return {name: value for name, value in every.items() if value}
