"""Gathering the shop's own words."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from catalog.models import Category, Product
from catalog.search.models import SearchEntry
from catalog.search.spelling import store
from catalog.search.synonyms import load
from catalog.search.words import folded_words, words
from cooperatives.models import Cooperative
from core.db import db
from places.models import Unit, UnitChange

Forms = dict[str, Counter[str]]  # folded → how often it is written in which way


def rebuild() -> int:
    """Make the list of words anew from what is on sale: names, kinds, sellers, traditions, places old and new, and the
    words that stand for others. How many words and pairs it holds."""
    single, pairs = dict[str, Counter[str]](), dict[str, Counter[str]]()
    for text in _texts():
        _gather(words(text), single, pairs)
    for phrase in load().marked:
        _gather(list(phrase), single, pairs)
    joined = {
        pair.replace(" ", ""): forms for pair, forms in pairs.items() if pair.replace(" ", "") not in single
    }
    return store.replace(_rows(single), _rows(joined), _rows(pairs))


def _texts() -> Iterator[str]:
    for (name,) in db.session.execute(select(SearchEntry.name).execution_options(yield_per=2_000)):
        yield name
    for row in db.session.execute(select(Category.name, Category.name_en)):
        yield from row
    for row in db.session.execute(
        select(Cooperative.name, Cooperative.craft_tradition).where(Cooperative.state == "approved")
    ):
        yield from row
    yield from place_names()


def place_names() -> list[str]:
    """What the places are called from which something is on sale: commune, province, and what became them."""
    communes = (
        select(Product.origin_commune_id).join(SearchEntry, SearchEntry.product_id == Product.id).distinct()
    )
    here = select(Unit.id, Unit.parent_id).where(Unit.id.in_(communes))
    became = select(Unit.id, Unit.parent_id).join(UnitChange, UnitChange.old_id == Unit.id).where(
        UnitChange.new_id.in_(communes)
    )  # fmt: skip
    ids: set[int] = set()
    for statement in (here, became):
        ids |= {one for row in db.session.execute(statement) for one in row if one}
    for _level in range(2):  # district, then province
        ids |= {
            one for one in db.session.execute(select(Unit.parent_id).where(Unit.id.in_(ids))).scalars() if one
        }
    return list(
        dict.fromkeys(
            db.session.execute(select(Unit.name).where(Unit.id.in_(ids)).order_by(Unit.name)).scalars()
        )
    )


def _gather(written: list[str], single: Forms, pairs: Forms) -> None:
    plain = ["".join(folded_words(word)) for word in written]
    for word, bare in zip(written, plain, strict=True):
        if not bare.isdigit():
            single.setdefault(bare, Counter())[word] += 1
    for place in range(len(written) - 1):
        if not (plain[place].isdigit() or plain[place + 1].isdigit()):
            pair = f"{plain[place]} {plain[place + 1]}"
            pairs.setdefault(pair, Counter())[f"{written[place]} {written[place + 1]}"] += 1


def _rows(forms: Forms) -> Iterable[store.Word]:
    return ((bare, counted.most_common(1)[0][0], counted.total()) for bare, counted in sorted(forms.items()))
