"""What a table would do to the goods that are there: which product each row means, what would change. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.rules import PACKS_MAX, Facts, Kind, check_gtin, missing
from catalog.sheets.columns import NEEDED
from catalog.sheets.lines import NAMES, Fault, Layout, Line
from catalog.sheets.rules import Outcome
from core.errors import Invalid
from core.i18n import N_
from core.text import fold

PRODUCT_FIELDS = (
    "name",
    "category_id",
    "story",
    "ingredients",
    "usage",
    "storage",
    "warning",
    "notification_number",
    "shelf_life_days",
    "origin_commune_id",
    "ocop_stars",
    "harvest_months",
    "allergens",
)
PACK_FIELDS = ("label", "price_vnd", "gross_weight_g")


@dataclass(frozen=True)
class PackThere:
    """A pack that is there. gtin: 14 digits. code: the cooperative's own, '' where none is known."""

    id: int
    product_id: int
    label: str
    net_quantity: int
    net_unit: str
    price_vnd: int
    gross_weight_g: int
    gtin: str
    own: bool
    code: str = ""
    price_per_kg_vnd: int | None = None


@dataclass(frozen=True)
class ProductThere:
    """A product that is there, with its active packs. fields: PRODUCT_FIELDS → value."""

    id: int
    fields: Mapping[str, Any]
    packs: tuple[PackThere, ...] = ()


@dataclass(frozen=True)
class Goods:
    """Everything a cooperative has. elsewhere: 14-digit numbers of others' packs that a table names."""

    products: tuple[ProductThere, ...]
    gs1_prefix: str | None = None
    elsewhere: frozenset[str] = frozenset()


@dataclass
class Planned:
    """What a row would do. group: the row that begins the same new product. changes: (field, before, after)."""

    line: Line
    outcome: Outcome = Outcome.SAME
    product_id: int | None = None
    pack_id: int | None = None
    group: int | None = None
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)


@dataclass
class _New:
    """A product that the table brings: the rows of it seen so far."""

    first: int
    fields: dict[str, tuple[Any, int]] = field(default_factory=dict)
    nets: dict[tuple[Any, ...], int] = field(default_factory=dict)


class _Index:
    """Finding a product by what a row says of it."""

    def __init__(self, goods: Goods) -> None:
        self.products = {one.id: one for one in goods.products}
        packs = [pack for one in goods.products for pack in one.packs]
        self.by_gtin = {pack.gtin: pack for pack in packs}
        self.by_code: dict[str, set[int]] = {}
        self.by_name: dict[str, list[int]] = {}
        for pack in packs:
            if pack.code:
                self.by_code.setdefault(fold(pack.code), set()).add(pack.product_id)
        for one in goods.products:
            self.by_name.setdefault(fold(one.fields["name"]), []).append(one.id)


class Planner:
    """Plans row after row; a later row knows what earlier ones brought."""

    def __init__(self, goods: Goods, layout: Layout) -> None:
        self.goods, self.layout, self.index = goods, layout, _Index(goods)
        self.new: dict[str, _New] = {}
        self.met: dict[tuple[str, Any], int] = {}  # (what, which) → number of the row that named it first
        self.said: dict[tuple[int, str], tuple[Any, int]] = {}
        self.added: dict[int, int] = {}
        self.codes: dict[str, tuple[str, int]] = {}

    def plan(self, line: Line) -> Planned:
        """What one row would do; its faults are added to the line."""
        found = Planned(line)
        self._find(found)
        if found.product_id is not None:
            self._compare(found, self.index.products[found.product_id])
        elif not line.faults or "name" in line.values:
            self._bring(found)
        if line.faults:
            found.outcome = Outcome.FAULTY
        elif found.product_id is None:
            found.outcome = Outcome.NEW
        elif found.changes:
            new_pack = found.pack_id is None and "net" in line.values
            found.outcome = Outcome.PACK if new_pack else Outcome.CHANGE
        return found

    def _fault(self, line: Line, key: str, text: str, remedy: str = "", **params: Any) -> None:
        line.faults.append(Fault(self.layout.cell(key, line.number), text, remedy, params))

    # ---- which product ----

    def _find(self, found: Planned) -> None:
        """By barcode, else by the cooperative's own code, else by name."""
        line, values = found.line, found.line.values
        by_gtin = self.index.by_gtin.get(f"0{values['gtin']}") if "gtin" in values else None
        if "gtin" in values and by_gtin is None:
            self._check_number(line)
        by_code = self.index.by_code.get(fold(values.get("code", "")), set())
        named = self.index.by_name.get(fold(values.get("name", "")), [])
        if by_gtin is not None:
            found.product_id, found.pack_id = by_gtin.product_id, by_gtin.id
            if by_code and by_gtin.product_id not in by_code:
                self._fault(
                    line,
                    "code",
                    N_("mã hàng này là của món khác, không khớp mã vạch"),
                    N_("sửa một trong hai"),
                )
        elif by_code:
            found.product_id = min(by_code)
        elif named:
            found.product_id = named[0]
            if len(named) > 1:
                self._fault(
                    line,
                    "name",
                    N_("có %(count)s món cùng tên này"),
                    N_("ghi mã vạch của quy cách"),
                    count=len(named),
                )
        if found.product_id is not None and named and found.product_id not in named:
            self._fault(line, "name", N_("tên này đang là của món khác"), N_("xem lại mã và tên"))
        if found.product_id is None and not any(key in values for key in NEEDED) and not line.faults:
            self._fault(line, "name", N_("thiếu tên hàng"), N_("ghi tên như trên nhãn"))
        self._once("gtin", values.get("gtin"), line, N_("mã vạch trùng dòng %(row)s"))

    def _once(self, key: str, value: Any, line: Line, text: str) -> None:
        """A fault where an earlier row said the same of something that only one row may say."""
        if value is not None and self.met.setdefault((key, value), line.number) != line.number:
            self._fault(line, key, text, N_("mỗi quy cách một dòng"), row=self.met[(key, value)])

    def _check_number(self, line: Line) -> None:
        typed = line.values["gtin"]
        try:
            number = check_gtin(typed, self.goods.gs1_prefix)
        except Invalid as error:
            text, _space, remedy = error.message.rstrip("."), "", error.remedy
            line.faults.append(Fault(self.layout.cell("gtin", line.number), text, remedy, error.params))
            return
        if number in self.goods.elsewhere:
            self._fault(line, "gtin", N_("mã vạch này đã dùng cho quy cách khác"), N_("mỗi quy cách một mã"))

    # ---- a product that is there ----

    def _compare(self, found: Planned, there: ProductThere) -> None:
        line, values = found.line, found.line.values
        for name in PRODUCT_FIELDS:
            if name in values:
                self._same_said(line, there.id, name)
                if values[name] != there.fields[name]:
                    found.changes.append((name, there.fields[name], values[name]))
        pack = self._pack(found, there)
        if pack is not None:
            self._compare_pack(found, pack)
        elif "net" in values and not line.faults:
            self._bring_pack(found, there)
        if "photos" in values:
            found.changes.append(("photos", None, values["photos"]))

    def _same_said(self, line: Line, product_id: int, name: str) -> None:
        value, row = self.said.setdefault((product_id, name), (line.values[name], line.number))
        if value != line.values[name]:
            self._fault(
                line, _key(name), N_("khác với dòng %(row)s của cùng món"), N_("sửa cho giống nhau"), row=row
            )

    def _pack(self, found: Planned, there: ProductThere) -> PackThere | None:
        """The pack that a row means; None for a new one, or where a fault now says why it cannot be told."""
        line, values = found.line, found.line.values
        net = tuple(values["net"]) if "net" in values else None
        if found.pack_id is not None:
            pack = next(one for one in there.packs if one.id == found.pack_id)
            if net and net != (pack.net_quantity, pack.net_unit):
                self._fault(
                    line,
                    "quantity",
                    N_("quy cách của mã vạch này là %(label)s, lượng không đổi được"),
                    N_("bỏ mã vạch khỏi dòng để thêm quy cách mới"),
                    label=pack.label,
                )
            return self._only(line, pack)
        packs = [one for one in there.packs if net in (None, (one.net_quantity, one.net_unit))]
        for narrow in (self._code_is(values), lambda one: one.label == values.get("label")):
            packs = [one for one in packs if narrow(one)] or packs if len(packs) > 1 else packs
        if len(packs) == 1:
            found.pack_id = packs[0].id
            return self._only(line, packs[0])
        if packs and any(name in values for name in (*PACK_FIELDS, "gtin")):
            self._fault(
                line,
                "quantity",
                N_("món này có %(count)s quy cách, chưa rõ sửa quy cách nào"),
                N_("ghi Lượng và Quy cách, hoặc mã vạch"),
                count=len(packs),
            )
        if not packs and net is None and "price_vnd" in values:
            self._fault(
                line, "quantity", N_("thiếu lượng trong một gói"), N_("viết 500 g, 1,5 kg, 10 ml hoặc 1 cái")
            )
        return None

    @staticmethod
    def _code_is(values: Mapping[str, Any]) -> Callable[[PackThere], bool]:
        return lambda one: bool(one.code) and fold(one.code) == fold(values.get("code", ""))

    def _only(self, line: Line, pack: PackThere) -> PackThere:
        if self.met.setdefault(("pack", pack.id), line.number) != line.number and "gtin" not in line.values:
            self._fault(
                line,
                "quantity",
                N_("trùng món và quy cách với dòng %(row)s"),
                N_("mỗi quy cách một dòng"),
                row=self.met[("pack", pack.id)],
            )
        return pack

    def _by_weight(self, line: Line, pack: PackThere | None) -> None:
        """A table changes the price per kilogram of what is sold so; it makes no such goods."""
        values = line.values
        if pack is not None and pack.price_per_kg_vnd is not None:
            if values.get("price_vnd", pack.price_vnd) != pack.price_vnd:
                self._fault(
                    line,
                    "price",
                    N_("món này cân khi gói, giá tính theo ki-lô"),
                    N_("sửa ở cột Giá một ki-lô"),
                )
        elif "price_per_kg_vnd" in values:
            self._fault(
                line,
                "price_per_kg",
                N_("bảng chưa thêm được món cân khi gói"),
                N_("thêm quy cách ấy ở trang món hàng, rồi sửa giá bằng bảng được"),
            )

    def _compare_pack(self, found: Planned, pack: PackThere) -> None:
        values = found.line.values
        self._by_weight(found.line, pack)
        if pack.price_per_kg_vnd is not None:
            rate = values.get("price_per_kg_vnd", pack.price_per_kg_vnd)
            if rate != pack.price_per_kg_vnd:
                found.changes.append(("price_per_kg_vnd", pack.price_per_kg_vnd, rate))
        for name in PACK_FIELDS:
            if name in values and values[name] != getattr(pack, name):
                found.changes.append((name, getattr(pack, name), values[name]))
        if "gtin" in values and f"0{values['gtin']}" != pack.gtin:
            found.changes.append(("gtin", pack.gtin[1:], values["gtin"]))
        if "code" in values and values["code"] != pack.code:
            found.changes.append(("code", pack.code, values["code"]))

    def _bring_pack(self, found: Planned, there: ProductThere) -> None:
        """Another pack of a product that is there."""
        line = found.line
        self._by_weight(line, None)
        self._once_new(line, self.met, ("there", there.id, *line.values["net"], line.values.get("label", "")))
        if "price_vnd" not in line.values:
            self._fault(line, "price", N_("quy cách mới mà thiếu giá"), N_("ghi giá bán, ví dụ 65000"))
        self.added[there.id] = self.added.get(there.id, 0) + 1
        if len(there.packs) + self.added[there.id] > PACKS_MAX:
            self._fault(line, "quantity", N_("món này quá %(most)s quy cách"), most=PACKS_MAX)
        found.changes.append(("pack", None, line.values.get("label") or line.values["said"]))
        found.changes.append(("price_vnd", None, line.values.get("price_vnd")))

    # ---- a product that is new ----

    def _bring(self, found: Planned) -> None:
        line, values = found.line, found.line.values
        if "name" not in values:
            self._fault(
                line,
                "name",
                N_("chưa có món nào mang mã này, mà thiếu tên hàng"),
                N_("ghi tên như trên nhãn"),
            )
            return
        self._by_weight(line, None)
        new = self.new.setdefault(fold(values["name"]), _New(line.number))
        found.group = new.first
        name, row = self.codes.setdefault(fold(values.get("code", "")), (fold(values["name"]), line.number))
        if values.get("code") and name != fold(values["name"]):
            self._fault(
                line, "code", N_("mã hàng trùng dòng %(row)s, mà tên khác"), N_("mỗi món một mã"), row=row
            )
        for name in PRODUCT_FIELDS:
            if name in values and name != "name":
                value, row = new.fields.setdefault(name, (values[name], line.number))
                if value != values[name]:
                    self._fault(
                        line,
                        _key(name),
                        N_("khác với dòng %(row)s của cùng món"),
                        N_("sửa cho giống nhau"),
                        row=row,
                    )
        if "net" in values and "price_vnd" not in values and not _at(line, self.layout, "price"):
            self._fault(line, "price", N_("thiếu giá bán"), N_("ghi giá bán, ví dụ 65000"))
        if "price_vnd" in values and "net" not in values and not _at(line, self.layout, "quantity"):
            self._fault(
                line, "quantity", N_("thiếu lượng trong một gói"), N_("viết 500 g, 1,5 kg, 10 ml hoặc 1 cái")
            )
        self._once_new(line, new.nets, (*values.get("net", ()), values.get("label", "")))
        if len(new.nets) > PACKS_MAX:
            self._fault(line, "quantity", N_("món này quá %(most)s quy cách"), most=PACKS_MAX)

    def _once_new(self, line: Line, met: dict[Any, int], which: tuple[Any, ...]) -> None:
        if met.setdefault(which, line.number) != line.number:
            self._fault(
                line,
                "name",
                N_("trùng món và quy cách với dòng %(row)s"),
                N_("mỗi quy cách một dòng"),
                row=met[which],
            )


FACTS = (
    "name",
    "story",
    "ingredients",
    "storage",
    "usage",
    "warning",
    "shelf_life_days",
    "notification_number",
)


def check_published(one: Planned, facts: Facts, kinds: Mapping[int, str], layout: Layout) -> None:
    """A product on sale stays complete: what a row would make missing is a fault at its cell.

    facts: of the product as it is. kinds: category id → kind.
    """
    wished = {name: after for name, _before, after in one.changes}
    changed = replace(facts, **{name: wished[name] for name in FACTS if name in wished})
    if "category_id" in wished:
        changed = replace(changed, kind=Kind(kinds[wished["category_id"]]))
    lacked = {lack.anchor for lack in missing(facts)}
    for lack in missing(changed):
        if lack.anchor not in lacked:
            key = _key(lack.anchor)
            remedy = N_("món đang bán phải đủ mục này")
            one.line.faults.append(Fault(layout.cell(key, one.line.number), lack.text, remedy))
            one.outcome = Outcome.FAULTY


def _key(name: str) -> str:
    """The column of a product's field."""
    return next((key for key, value in NAMES.items() if value == name), name)


def _at(line: Line, layout: Layout, key: str) -> bool:
    """Whether a cell has a fault already, so that it is not called empty as well."""
    return any(fault.cell == layout.cell(key, line.number) for fault in line.faults)


def plan_all(lines: Sequence[Line], goods: Goods, layout: Layout) -> list[Planned]:
    """What every row would do, in order."""
    planner = Planner(goods, layout)
    return [planner.plan(line) for line in lines]
