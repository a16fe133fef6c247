"""Cards drawn once: what one looks like depends on nothing but what it says, and twenty are a third of a list."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from catalog.public import ProductCard

EAGER = 2  # pictures of so many are fetched at once, the others when they come near


@lru_cache(maxsize=2_048)  # about a kilobyte each
def _drawn(macro: Any, card: ProductCard, level: int, lazy: bool) -> Markup:
    return Markup(macro(card, level=level, lazy=lazy))


def cards_drawn(cards: Sequence[ProductCard], level: int, eager: int = EAGER) -> Markup:
    """The component `product_card` for each, in the reader's language. level: of their headings."""
    macro = get_template_attribute("components/ui.html", "product_card")  # one for each language
    return Markup("".join([_drawn(macro, one, level, place >= eager) for place, one in enumerate(cards)]))
