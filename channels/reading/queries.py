"""What the reader of messages must know: a cooperative's goods on sale, and the names of places."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from catalog.queries import PackFact, packs_of
from channels.reading.contacts import Contact, read_contact
from channels.reading.goods import Good, Shelf
from channels.reading.rules import Item, read_items
from core.db import db
from places.models import Unit
from places.rules import PROVINCE_ALIASES, Level, name_key


def on_sale(cooperative_id: int) -> dict[int, PackFact]:
    """The packs of a cooperative that can be ordered today, by id."""
    return {one.pack_id: one for one in packs_of(cooperative_id) if one.on_sale}


def shelf_of(packs: Mapping[int, PackFact], codes: Mapping[int, str] | None = None) -> Shelf:
    """The goods for the reader. codes: pack → its word on a live sheet."""
    said = codes or {}
    return Shelf(
        tuple(
            Good(one.pack_id, one.product_id, one.product_name, one.label, one.net_quantity, one.net_unit,
                 said.get(one.pack_id, ""))
            for one in packs.values()
        )
    )  # fmt: skip


def province_names() -> frozenset[str]:
    """Every province's name of any day, as `name_key` folds it, with what people call them."""
    rows = db.session.execute(select(Unit.folded).where(Unit.level == Level.PROVINCE)).scalars()
    return frozenset(rows) | frozenset(PROVINCE_ALIASES)


@dataclass(frozen=True, slots=True)
class Written:
    """A whole message: who, where, what."""

    contact: Contact
    items: tuple[Item, ...]


def read(text: str, shelf: Shelf, provinces: frozenset[str]) -> Written:
    """Take a message apart. Nothing is stored."""

    def is_goods(piece: str) -> bool:
        return bool(read_items(piece, shelf))

    contact = read_contact(text, lambda piece: name_key(piece) in provinces, is_goods)
    return Written(contact, read_items(contact.rest, shelf))
