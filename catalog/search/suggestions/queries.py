"""What to offer for what was typed so far."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from catalog.search.models import SearchBuild, SearchEntry, Suggestion
from catalog.search.suggestions.rules import CROWD, SHOWN, typed_key, varied
from cooperatives.models import Cooperative
from core.db import run
from core.i18n import language

NAME = "suggestions"


@dataclass(frozen=True, slots=True)
class Offer:
    """A line to offer: its kind ('category', 'product', 'cooperative', 'place', 'tradition'), text and address."""

    kind: str
    text: str
    href: str


@cache
def _statement(crowded: bool) -> Select[Any]:
    """Lines under a key, the best first. A product's line is there only while the product can be found."""
    build = select(SearchBuild.build).where(SearchBuild.name == NAME).scalar_subquery()
    found = (
        select(SearchEntry.product_id).join(Cooperative, Cooperative.id == SearchEntry.cooperative_id)
        .where(SearchEntry.product_id == Suggestion.product_id, Cooperative.state == "approved")
    )  # fmt: skip
    wanted = select(Suggestion.kind, Suggestion.text, Suggestion.text_en, Suggestion.href).where(
        Suggestion.build == build, or_(Suggestion.product_id.is_(None), found.exists())
    )
    if crowded:
        wanted = wanted.where(Suggestion.key == bindparam("key"))
    else:
        wanted = wanted.where(Suggestion.key >= bindparam("key"), Suggestion.key < bindparam("beyond"))
    return wanted.order_by(Suggestion.rank.desc(), Suggestion.key).limit(CROWD)


def suggest(typed: str) -> list[Offer]:
    """At most eight lines for what was typed so far, in the reader's language; two look-ups at most."""
    key = typed_key(typed)
    if not key:
        return []
    rows = run(_statement(True), {"key": f"{key}*"}).all()
    if not rows:
        rows = run(_statement(False), {"key": key, "beyond": f"{key}\uffff"}).all()
    english = language() == "en"
    offers = [Offer(row.kind, row.text_en if english and row.text_en else row.text, row.href) for row in rows]
    return varied(offers, lambda one: one.kind, lambda one: one.href, SHOWN)
