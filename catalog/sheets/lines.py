"""One row of a table: what it says, and every fault in it by cell. Pure functions."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any

from catalog.kinds.rules import ALLERGENS, NONE
from catalog.measures.rules import mask_of, read_measure
from catalog.rules import FACT_MAX_CHARS, NAME_MAX_CHARS, PHOTOS_MAX, STORY_MAX_CHARS
from catalog.sheets import cells
from catalog.sheets.cells import Cell
from catalog.sheets.rules import letter
from core.errors import Invalid
from core.i18n import N_
from core.text import fold
from places.rules import province_key, readings, split_parts

LABEL_MAX_CHARS = CODE_MAX_CHARS = 40
LONGEST = {
    "name": NAME_MAX_CHARS,
    "story": STORY_MAX_CHARS,
    "notification_number": 60,
    "label": LABEL_MAX_CHARS,
    "code": CODE_MAX_CHARS,
}
CLEARED = ("story", "ingredients", "usage", "storage", "warning", "notification_number")
CLEAR = "xoa"


@dataclass(frozen=True)
class Fault:
    """One thing wrong, and where: a cell ('D17'), or a row alone ('17'). Message ids, for the reader's language."""

    cell: str
    text: str
    remedy: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {"cell": self.cell, "text": self.text, "remedy": self.remedy, "params": dict(self.params)}


@dataclass(frozen=True)
class Lookups:
    """What words in a table may mean: folded category → id, (commune, province) keys → unit id, pictures in the ZIP.

    pictures: folded file names; None where no ZIP was sent. province: the key of the cooperative's own.
    """

    categories: Mapping[str, int]
    category_names: tuple[str, ...]
    communes: Mapping[tuple[str, str, str], int]
    province: str
    pictures: frozenset[str] | None = None


@dataclass
class Line:
    """A row as it was understood. values holds only what the row says: an empty cell says nothing."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)


class Layout:
    """Where each column stands."""

    def __init__(self, columns: Sequence[tuple[str, str]]) -> None:
        self.columns = columns
        self.places = {key: place for place, (key, _unit) in reversed(list(enumerate(columns))) if key}

    def cell(self, key: str, number: int) -> str:
        """A cell's name, 'D17'; the row alone where the table has no such column."""
        return f"{letter(self.places[key])}{number}" if key in self.places else f"{number}"

    def unit(self, key: str) -> str:
        """The unit that a column's heading states."""
        return self.columns[self.places[key]][1] if key in self.places else ""


def read_line(number: int, row: Sequence[Cell], layout: Layout, lookups: Lookups) -> Line:
    """What a row says, with every fault in it."""
    line = Line(number)

    def given(key: str) -> Cell:
        place = layout.places.get(key, len(row))
        return row[place] if place < len(row) else None

    for key, read in _readers(layout, lookups).items():
        if not cells.is_blank(value := given(key)):
            _take(line, layout, key, lambda read=read, value=value: read(value))  # type: ignore[misc]
    _take_measure(line, layout, given)
    _take_life(line, layout, given)
    _take_pictures(line, layout, row, lookups)
    price = line.values.get("price_vnd")
    if price is not None and cells.is_cheap(price):
        line.doubts.append(
            Fault(
                layout.cell("price", number),
                N_("giá %(price)s đồng, có phải %(thousands)s đồng không?"),
                params={"price": price, "thousands": f"{price}.000"},
            )
        )
    return line


def _take(line: Line, layout: Layout, key: str, read: Callable[[], Any]) -> None:
    """Keep what a cell says, or its fault."""
    try:
        line.values[NAMES.get(key, key)] = read()
    except Invalid as error:
        line.faults.append(Fault(layout.cell(key, line.number), error.message, error.remedy, error.params))


# Columns whose value has another name in the product.
NAMES = {
    "price": "price_vnd",
    "price_per_kg": "price_per_kg_vnd",
    "gross": "gross_weight_g",
    "category": "category_id",
    "origin": "origin_commune_id",
    "shelf_life": "shelf_life_days",
}


def _readers(layout: Layout, lookups: Lookups) -> dict[str, Callable[[Cell], Any]]:
    texts: dict[str, Callable[[Cell], Any]] = {
        key: partial(_text, key)
        for key in (
            "code",
            "name",
            "label",
            "story",
            "ingredients",
            "usage",
            "storage",
            "warning",
            "notification_number",
        )
    }
    return texts | {
        "gtin": cells.barcode,
        "price": lambda value: cells.price(value, thousands=layout.unit("price") == "thousand"),
        "price_per_kg": lambda value: cells.price(value, thousands=layout.unit("price_per_kg") == "thousand"),
        "gross": lambda value: cells.grams(value, heading_unit=layout.unit("gross")),
        "ocop_stars": cells.stars,
        "harvest_months": lambda value: mask_of(cells.months(value)),
        "allergens": _allergens,
        "category": lambda value: _category(value, lookups),
        "origin": lambda value: _commune(value, lookups),
    }


def _text(key: str, value: Cell) -> str:
    found = cells.text(value, lines=key in CLEARED)
    if key in CLEARED and fold(found) == CLEAR:
        return ""
    most = LONGEST.get(key, FACT_MAX_CHARS)
    if len(found) > most:
        raise Invalid(
            N_("dài %(length)s chữ"), remedy=N_("nhiều nhất %(most)s chữ"), length=len(found), most=most
        )
    return found


def _allergen_words() -> dict[str, str]:
    """Folded names → code: each part of an allergen's name, its code, and what else people call it."""
    also = {
        "gluten": "lúa mạch,mì",
        "peanuts": "lạc,đậu phộng,đậu phụng",
        "soy": "đậu tương",
        "sesame": "mè,vừng",
        "fish": "nước mắm",
        "nuts": "hạt điều,mắc ca,óc chó,hạnh nhân",
        "crustaceans": "tép",
    }
    found = {}
    for code, name in ALLERGENS.items():
        for word in (code, name, *re.split(r"[,()…]", f"{name},{also.get(code, '')}")):
            if len(fold(word)) > 1:
                found[fold(word)] = code
    return found


ALLERGEN_WORDS = _allergen_words()


def _allergens(value: Cell) -> str:
    typed = cells.text(value)
    if fold(typed) in ("khong", "khong co", "none"):
        return NONE
    found = []
    for part in re.split(r"[;,]", typed):
        code = ALLERGEN_WORDS.get(fold(part.strip()))
        if code is None:
            raise Invalid(
                N_("chưa rõ chất dễ gây dị ứng “%(typed)s”"),
                remedy=N_("viết ví dụ: đậu nành; vừng, hoặc không"),
                typed=part.strip()[:40],
            )
        found.append(code)
    return ",".join(sorted(set(found), key=list(ALLERGENS).index))


def _category(value: Cell, lookups: Lookups) -> int:
    typed = cells.text(value)
    found = lookups.categories.get(fold(typed))
    if found is None:
        near = get_close_matches(fold(typed), list(lookups.categories), n=3, cutoff=0.7)
        like = {lookups.categories[one] for one in near}
        names = [name for name in lookups.category_names if lookups.categories[fold(name)] in like]
        raise Invalid(
            N_("không có loại hàng “%(typed)s”"),
            remedy=N_("ghi một loại của chợ, ví dụ %(names)s"),
            typed=typed[:40],
            names="; ".join(names or lookups.category_names[:3]),
        )
    return found


def category_words(rows: Sequence[tuple[int, str, str, str]]) -> dict[str, int]:
    """What a cell may call a category, folded: its name, its English name, its slug, and each of its parts.

    rows: (id, slug, name, name_en).

    >>> category_words([(7, "mien-bun", "Miến, bún", "Noodles")])["bun"]
    7
    """
    found: dict[str, int] = {}
    for row_id, _slug, name, _english in rows:
        for part in name.split(","):
            found.setdefault(fold(part), row_id)
    for row_id, slug, name, english in rows:
        found |= {
            fold(name): row_id,
            fold(name.replace(",", "")): row_id,
            fold(english): row_id,
            slug: row_id,
        }
    return found


def _commune(value: Cell, lookups: Lookups) -> int:
    typed = cells.text(value)
    parts = split_parts(typed)
    provinces = (
        [province_key(one.name) for one in readings(parts[-1])] if len(parts) > 1 else [lookups.province]
    )
    for reading in readings(parts[0]) if parts else []:
        for province in provinces:
            for kind in (reading.kind, ""):
                if (found := lookups.communes.get((reading.name, kind, province))) is not None:
                    return found
    raise Invalid(
        N_("không có xã, phường “%(typed)s” từ 1/7/2025"),
        remedy=N_("ghi tên xã mới, thêm tỉnh nếu ở tỉnh khác"),
        typed=typed[:60],
    )


def _take_measure(line: Line, layout: Layout, given: Callable[[str], Cell]) -> None:
    """The net quantity, from its own column, or from what the pack is called ('Gói 500 g', '500g/gói')."""
    quantity, unit = given("quantity"), "" if cells.is_blank(given("unit")) else str(given("unit")).strip()
    if not cells.is_blank(quantity):
        heading = layout.unit("quantity")
        _take(line, layout, "quantity", lambda: cells.measure(quantity, unit, heading_unit=heading))
        if "quantity" in line.values:
            found = line.values.pop("quantity")
            line.values |= {"net": [found[0], found[1]], "said": found[2]}
        return
    for typed in (str(line.values.get("label", "")), unit):
        if typed and (found := _hidden_measure(typed)):
            line.values |= {"net": list(found[:2]), "said": found[2]}
            return


def _hidden_measure(typed: str) -> tuple[int, str, str] | None:
    """The amount that a pack's name tells, if it tells one."""
    try:
        found = read_measure(typed.partition("/")[0])
    except Invalid:
        return None
    return found.quantity, str(found.unit), found.label


def _take_life(line: Line, layout: Layout, given: Callable[[str], Cell]) -> None:
    """A shelf life in days; a best-before date counts from the day the goods were made."""
    life, made = given("shelf_life"), given("made_on")
    if cells.is_blank(life):
        return
    until = cells.day(life)
    if until is None:
        _take(line, layout, "shelf_life", lambda: cells.days(life))
    elif cells.is_blank(made):
        line.faults.append(
            Fault(
                layout.cell("shelf_life", line.number),
                N_("hạn dùng là một ngày mà không có ngày sản xuất"),
                N_("ghi số ngày dùng được, ví dụ 12 tháng"),
            )
        )
    else:
        before = len(line.faults)
        _take(line, layout, "made_on", lambda: cells.must_be_day(made))
        if len(line.faults) == before:
            days = (until - line.values.pop("made_on")).days
            _take(line, layout, "shelf_life", lambda: cells.days(days))


def _take_pictures(line: Line, layout: Layout, row: Sequence[Cell], lookups: Lookups) -> None:
    named: list[str] = []
    for place, (key, _unit) in enumerate(layout.columns):
        if key != "photos" or place >= len(row) or cells.is_blank(row[place]):
            continue
        cell = f"{letter(place)}{line.number}"
        for name in cells.names(row[place]):
            if str(row[place]).strip().lower().startswith(("http:", "https:")):
                line.doubts.append(
                    Fault(cell, N_("chợ không tải ảnh từ đường dẫn"), N_("gửi ảnh trong tệp ZIP"))
                )
                break
            if lookups.pictures is None:
                line.doubts.append(
                    Fault(cell, N_("chưa gửi tệp ZIP ảnh nên bỏ qua %(name)s"), params={"name": name[:60]})
                )
            elif fold(name) not in lookups.pictures:
                line.faults.append(
                    Fault(
                        cell,
                        N_("ảnh %(name)s không có trong tệp ZIP"),
                        N_("xem lại tên tệp ảnh"),
                        {"name": name[:60]},
                    )
                )
            else:
                named.append(fold(name))
        if len(named) > PHOTOS_MAX:
            line.faults.append(
                Fault(
                    cell,
                    N_("có %(count)s ảnh"),
                    N_("mỗi món nhiều nhất %(most)s ảnh"),
                    {"count": len(named), "most": PHOTOS_MAX},
                )
            )
    if named:
        line.values["photos"] = list(dict.fromkeys(named))
