"""Parts drawn once: what a card or a price's shares look like depends on nothing but what they say, and twenty cards
are a third of a list.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask import get_template_attribute
from markupsafe import Markup

from catalog.public import ProductCard
from core.i18n import _
from storefront.browse.rules import Part

EAGER = 2  # pictures of so many are fetched at once, the others when they come near


@lru_cache(maxsize=2_048)  # about a kilobyte each
def _drawn(macro: Any, card: ProductCard, level: int, lazy: bool) -> Markup:
    return Markup(macro(card, level=level, lazy=lazy))


def cards_drawn(cards: Sequence[ProductCard], level: int, eager: int = EAGER) -> Markup:
    """The component `product_card` for each, in the reader's language. level: of their headings."""
    macro = get_template_attribute("components/ui.html", "product_card")  # one for each language
    return Markup("".join([_drawn(macro, one, level, place >= eager) for place, one in enumerate(cards)]))


class SharesDrawn(NamedTuple):
    """How a price is shared, drawn: the band of weave, and the list in words."""

    weave: Markup
    listed: Markup


@lru_cache(maxsize=1_024)
def _shared(
    weave: Any, shares: Any, rows: tuple[tuple[str, int, int], ...], label: str, price_vnd: int
) -> SharesDrawn:
    return SharesDrawn(Markup(weave(rows)), Markup(shares(rows, label, price_vnd)))


def shares_drawn(parts: Sequence[Part], price_vnd: int) -> SharesDrawn | None:
    """The components `weave` and `shares` of a price in đồng, in the reader's language; None where none share it."""
    if not parts:
        return None
    rows = tuple((_(part.who), part.amount_vnd, part.thread) for part in parts)
    macros = (get_template_attribute("components/ui.html", name) for name in ("weave", "shares"))
    return _shared(*macros, rows, _("Giá hàng"), price_vnd)
