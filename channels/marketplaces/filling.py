"""What goes into each cell of a template, what is missing for each pack, which of a site's limits it breaks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.marketplaces.columns import CONSTANT
from channels.marketplaces.goods import Good
from channels.marketplaces.kinds import Verdict, judged
from channels.marketplaces.matching import Field, Layout
from channels.marketplaces.rules import parent_of, sku_key, sku_of
from channels.marketplaces.sites import Facts
from channels.marketplaces.workbooks import Value
from core.i18n import N_

LACKING = {
    "sku": N_("Chưa thấy cột Mã gói: không có mã này thì đơn của sàn về chợ không biết là món nào."),
    "price": N_("Chưa thấy cột Giá bán."),
    "stock": N_("Chưa thấy cột Số còn bán."),
}
RENEWED = frozenset({"price", "stock"})  # of goods that stand in the file already
OPTION_NAME = "Quy cách"  # sites of Viet Nam show it to buyers as it is


@dataclass(frozen=True)
class Note:
    """Something to be told of a pack or of the template. text: a message id. limit: it breaks a limit that was read
    somewhere (source), and is no more certain than that."""

    text: str
    params: dict[str, Any]
    source: str = ""


@dataclass(frozen=True)
class Filled:
    """One pack as it goes in. row_no: None where it is left out, for the first of its notes."""

    good: Good
    row_no: int | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Plan:
    """A template filled. cells: {row number: {column: value}}. notes: of the template itself. renewing: the file
    holds goods already and only price and stock are renewed."""

    cells: dict[int, dict[int, Value]]
    packs: tuple[Filled, ...]
    notes: tuple[Note, ...]
    renewing: bool

    @property
    def told(self) -> dict[int, tuple[int, int]]:
        """{pack id: (đồng, pieces)} that the site will know."""
        return {one.good.pack_id: (one.good.price_vnd, one.good.stock) for one in self.packs if one.row_no}


def plan(goods: Sequence[Good], layout: Layout, facts: Facts, categories: Mapping[int, str],
         kinds: Mapping[str, str] | None = None) -> Plan:  # fmt: skip
    """Put goods into a template. categories: {our category id: the site's code}; kinds: the template's own list."""
    rows = _rows(goods, layout)
    renewing = bool(layout.known)
    cells: dict[int, dict[int, Value]] = {}
    packs = []
    for good in goods:
        number = rows.get(good.pack_id)
        if good.weighed:
            packs.append(Filled(good, None, (Note(N_("Cân khi gói nên sàn không bán theo bảng được."), {}),)))
            continue
        if number is None:
            packs.append(
                Filled(good, None, (Note(N_("Chưa có trong tệp này: đăng món mới bằng mẫu đăng hàng."), {}),))
            )
            continue
        values = {one.place: _value(one, good, categories) for one in layout.fields if one.key}
        wanted = {one.place for one in layout.fields if not renewing or one.key in RENEWED}
        cells[number] = {place: value for place, value in values.items() if value != "" and place in wanted}
        notes = [] if renewing else [*_missing(layout, values), *_kind(layout, good, categories, kinds or {})]
        packs.append(Filled(good, number, (*notes, *limits(good, facts))))
    return Plan(cells, tuple(packs), tuple(_of_template(layout, cells)), renewing)


def _rows(goods: Sequence[Good], layout: Layout) -> dict[int, int]:
    """{pack id: row}: where it stands already, else the next free rows under the headings, products together."""
    if layout.known:
        by_code = {code: number for number, code in layout.known.items()}
        return {
            good.pack_id: by_code[key] for good in goods if (key := sku_key(sku_of(good.pack_id))) in by_code
        }
    number, found = layout.first_no, {}
    for good in goods:
        if good.weighed:
            continue
        while (row := layout.sheet.rows.get(number)) is not None and row.filled:
            number += 1
        found[good.pack_id] = number
        number += 1
    return found


def _value(column: Field, good: Good, categories: Mapping[int, str]) -> Value:
    """What stands in a column for a pack; '' for nothing."""
    if column.key == CONSTANT:
        return column.constant
    if column.key == "weight":
        return good.weight_g / 1000 if column.kilograms else good.weight_g
    if column.key == "category":
        return categories.get(good.category_id or 0, "")
    if column.key.startswith("image_") and column.key != "image_cover":
        place = int(column.key.rpartition("_")[2])
        return good.pictures[place].address if place < len(good.pictures) else ""
    return VALUES[column.key](good)


def _several(said: Callable[[Good], Value]) -> Callable[[Good], Value]:
    """A column of variations: only where a product has more than one pack."""
    return lambda good: said(good) if good.siblings > 1 else ""


VALUES: dict[str, Callable[[Good], Value]] = {
    "name": lambda good: good.name if good.siblings > 1 else good.title,
    "description": lambda good: good.description,
    "parent_sku": lambda good: parent_of(good.product_id),
    "group": _several(lambda good: parent_of(good.product_id)),
    "option_name": _several(lambda good: OPTION_NAME),
    "option": _several(lambda good: good.label),
    "option_image": _several(lambda good: good.pictures[0].address if good.pictures else ""),
    "price": lambda good: good.price_vnd,
    "stock": lambda good: good.stock,
    "sku": lambda good: sku_of(good.pack_id),
    "gtin": lambda good: good.gtin,
    "image_cover": lambda good: good.pictures[0].address if good.pictures else "",
    "brand": lambda good: good.brand,
    "origin": lambda good: good.origin,
    "ingredients": lambda good: good.ingredients,
    "shelf_life": lambda good: good.shelf_life_days or "",
    "unit": lambda good: good.label,
}
ONLY_SEVERAL = frozenset({"group", "option_name", "option", "option_image"})


def _missing(layout: Layout, values: Mapping[int, Value]) -> list[Note]:
    """Columns that the file says must be filled, and that stay empty for this pack."""
    found = []
    for column in layout.fields:
        if (
            column.must
            and column.key
            and column.key not in ONLY_SEVERAL
            and values.get(column.place) in ("", None)
        ):
            found.append(Note(N_("Còn trống cột bắt buộc %(column)s (%(heading)s)"),
                              {"column": column.letter, "heading": column.heading[:60]}))  # fmt: skip
    return found


def _kind(layout: Layout, good: Good, categories: Mapping[int, str], kinds: Mapping[str, str]) -> list[Note]:
    """Whether the site's code for a pack's kind is on the template's list; a template without one proves nothing."""
    code = categories.get(good.category_id or 0, "")
    if layout.place("category") is None or not code or judged(code, kinds)[0] is not Verdict.MISSING:
        return []
    return [Note(N_("Mã ngành hàng %(code)s không có trong danh sách của mẫu này"), {"code": code[:40]})]


def limits(good: Good, facts: Facts) -> list[Note]:
    """What breaks a limit that was read of a site, each with its source; none of them is verified."""
    name = good.name if good.siblings > 1 else good.title
    counted: tuple[tuple[str, int, str], ...] = (
        ("name_min_chars", len(name), N_("Tên có %(has)s chữ cái, sàn cần ít nhất %(limit)s")),
        ("name_max_chars", len(name), N_("Tên có %(has)s chữ cái, sàn nhận nhiều nhất %(limit)s")),
        ("description_max_chars", len(good.description), N_("Mô tả có %(has)s chữ cái, sàn nhận nhiều nhất %(limit)s")),
        ("pictures_min", len(good.pictures), N_("Có %(has)s ảnh chụp, sàn cần ít nhất %(limit)s")),
        ("pictures_max", len(good.pictures), N_("Có %(has)s ảnh, sàn nhận nhiều nhất %(limit)s: ảnh sau bị bỏ")),
        ("price_min_vnd", good.price_vnd, N_("Giá %(has)s đ, sàn nhận từ %(limit)s đ")),
        ("price_max_vnd", good.price_vnd, N_("Giá %(has)s đ, sàn nhận nhiều nhất %(limit)s đ")),
        ("stock_max", good.stock, N_("Còn %(has)s gói, sàn nhận nhiều nhất %(limit)s")),
        ("sku_min_chars", len(sku_of(good.pack_id)), N_("Mã gói dài %(has)s, sàn cần ít nhất %(limit)s")),
        ("sku_max_chars", len(sku_of(good.pack_id)), N_("Mã gói dài %(has)s, sàn nhận nhiều nhất %(limit)s")),
        ("weight_min_g", good.weight_g, N_("Nặng %(has)s g, sàn nhận từ %(limit)s g")),
    )  # fmt: skip
    found = [_broken(facts, limit, has, text) for limit, has, text in counted]
    if good.siblings > 1:
        found.append(_broken(facts, "option_max_chars", len(good.label),
                             N_("Quy cách có %(has)s chữ cái, sàn nhận nhiều nhất %(limit)s")))  # fmt: skip
        found.append(_broken(facts, "options_max", good.siblings,
                             N_("Có %(has)s quy cách, sàn nhận nhiều nhất %(limit)s")))  # fmt: skip
    if good.pictures:
        found.append(_broken(facts, "picture_min_px", min(one.side_px for one in good.pictures),
                             N_("Có ảnh cạnh ngắn %(has)s điểm, sàn cần ít nhất %(limit)s")))  # fmt: skip
    else:
        found.append(Note(N_("Chưa có ảnh chụp: sàn nào cũng cần ít nhất một ảnh"), {}))
    return [one for one in found if one is not None]


def _broken(facts: Facts, limit: str, has: int, text: str) -> Note | None:
    most = facts.limit(limit)
    if most is None or (has >= most if "_min" in limit else has <= most):
        return None
    return Note(text, {"has": has, "limit": most}, facts.limits[limit][1])


def _of_template(layout: Layout, cells: Mapping[int, Mapping[int, Value]]) -> list[Note]:
    """What a person must know of the template as a whole: columns nobody fills, cells left alone."""
    found = [
        Note(N_("Cột bắt buộc %(column)s (%(heading)s) chưa biết điền gì."),
             {"column": one.letter, "heading": one.heading[:60]})
        for one in layout.fields if one.must and not one.key and not layout.known
    ]  # fmt: skip
    found += [Note(text, {}) for key, text in LACKING.items() if layout.place(key) is None]
    if any(one.key == "weight" and one.kilograms is None for one in layout.fields) and not layout.known:
        found.append(Note(N_("Cột cân nặng không nói đơn vị: chợ ghi bằng gam, xem lại trước khi gửi."), {}))
    worked = [
        f"{one.letter}{number}"
        for number, values in cells.items() for one in layout.fields
        if one.place in values and _is_formula(layout, number, one.place)
    ]  # fmt: skip
    if worked:
        found.append(
            Note(N_("Ô %(cells)s có công thức nên chợ để nguyên."), {"cells": ", ".join(worked[:8])})
        )
    if layout.sheet.protected:
        found.append(
            Note(N_("Trang này bị khoá: chợ vẫn điền được, nhưng sửa tay trong Excel thì không."), {})
        )
    return found


def _is_formula(layout: Layout, number: int, place: int) -> bool:
    row = layout.sheet.rows.get(number)
    cell = row.cells.get(place) if row else None
    return cell is not None and cell.formula
