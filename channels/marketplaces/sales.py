"""A site's order file as orders: rows gathered by number, cells read strictly, each fault named by its cell. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from channels.marketplaces.columns import FEES, ORDERS, ORDERS_NEED
from channels.marketplaces.rules import Status
from channels.marketplaces.sites import Facts
from core.errors import Invalid
from core.headings import heading_key, letter
from core.i18n import N_
from orders.rules import QUANTITY_MAX
from payments.tables.cells import Cell, amount, text, when

Rows = Sequence[tuple[int, Sequence[Cell]]]
TITLES = {column.key: column.title for column in ORDERS}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell. text: a message id; params: what stands in it."""

    cell: str
    text: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """Goods in an order. total_vnd: after what the seller took off them, before its vouchers on the whole order."""

    sku: str
    name: str
    quantity: int
    total_vnd: int
    returned: int = 0


@dataclass(frozen=True)
class Sale:
    """One order as a file says. fee_vnd: what the site keeps. phone and buyer: as given there, masked or not."""

    number: str
    status: Status
    lines: tuple[Line, ...]
    discount_vnd: int = 0
    fee_vnd: int = 0
    buyer: str = ""
    phone: str = ""
    place: str = ""
    address: str = ""
    carrier: str = ""
    tracking: str = ""
    note: str = ""
    placed_at: str = ""
    row_no: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def total_vnd(self) -> int:
        """What the buyer paid for the goods, as far as the seller bears it."""
        return sum(line.total_vnd for line in self.lines) - self.discount_vnd

    def told(self) -> dict[str, Any]:
        """What is kept until the order is ours."""
        said = asdict(self)
        del said["faults"], said["row_no"]
        return said | {"status": str(self.status), "lines": [asdict(line) for line in self.lines]}

    def goods(self) -> dict[str, Any]:
        """What is kept of it afterwards: no buyer."""
        said = self.told()
        return {
            name: said[name] for name in ("number", "status", "lines", "discount_vnd", "fee_vnd", "tracking")
        }


def from_told(said: Mapping[str, Any]) -> Sale:
    """An order as it was kept."""
    known = dict(said) | {
        "status": Status(said["status"]),
        "lines": tuple(Line(**one) for one in said["lines"]),
    }
    return Sale(**known)


class _Row:
    """One row's cells by key; a cell that cannot be read is a fault, and counts as nothing."""

    def __init__(
        self, number: int, cells: Sequence[Cell], places: Mapping[str, int], faults: list[Fault]
    ) -> None:
        self.number, self.cells, self.places, self.faults = number, cells, places, faults

    def cell(self, key: str) -> Cell:
        place = self.places.get(key)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def text(self, key: str, longest: int = 300) -> str:
        return text(self.cell(key), longest)

    def wrong(self, key: str, said: str, **params: Any) -> None:
        place = self.places.get(key)
        self.faults.append(Fault(f"{letter(place) if place is not None else ''}{self.number}", said, params))

    def vnd(self, key: str) -> int:
        try:
            return abs(amount(self.cell(key)))  # what is taken off is written with a minus by some
        except Invalid as error:
            self.wrong(key, error.message, **error.params)
            return 0

    def count(self, key: str, least: int) -> int:
        typed = self.text(key, 20)
        if not typed and least == 0:
            return 0
        if not (typed.isascii() and typed.isdigit() and least <= int(typed) <= QUANTITY_MAX):
            self.wrong(key, N_("số gói “%(typed)s” phải từ %(least)s đến %(most)s"), typed=typed, least=least,
                       most=QUANTITY_MAX)  # fmt: skip
            return least
        return int(typed)


def read_sales(rows: Rows, keys: Sequence[str], heading_no: int, facts: Facts) -> list[Sale]:
    """The orders below the headings, in the order of the file; several rows of one number are one order.

    keys: of each column, '' where it is not read.
    """
    places = {key: place for place, key in enumerate(keys) if key}
    gathered: dict[str, list[_Row]] = {}
    faults: dict[str, list[Fault]] = {}
    for row_no, cells in rows:
        if row_no <= heading_no or not any(cell not in (None, "") for cell in cells):
            continue
        probe = _Row(row_no, cells, places, [])
        number = probe.text("number", 60) or f"?{row_no}"
        probe.faults = faults.setdefault(number, [])
        gathered.setdefault(number, []).append(probe)
    return [_sale(number, mine, facts, faults[number]) for number, mine in gathered.items()]


def _sale(number: str, rows: list[_Row], facts: Facts, faults: list[Fault]) -> Sale:
    first = rows[0]
    if number.startswith("?"):
        first.wrong("number", N_("chưa có mã đơn"))
    states = [_said(row, facts) for row in rows]
    status = _status(states)
    lines = tuple(
        _line(row, status if own is None else own)
        for row, own in zip(rows, states, strict=True)
        if own is not Status.CANCELLED or status is Status.CANCELLED
    )
    total = sum(line.total_vnd for line in lines)
    discount = _sum(rows, "seller_discount", facts)
    if total <= 0 and status not in (Status.CANCELLED, Status.UNPAID):
        first.wrong("unit_price", N_("đơn không có số tiền hàng"))
    elif discount >= total > 0:
        first.wrong("seller_discount", N_("giảm giá lớn hơn tiền hàng"))
    place = ", ".join(part for key in ("commune", "district", "province") if (part := first.text(key, 80)))
    return Sale(
        number, status, lines, discount if discount < total else 0, sum(_sum(rows, key, facts) for key in FEES),
        first.text("buyer", 120), first.text("phone", 30), place, first.text("address"), first.text("carrier", 60),
        first.text("tracking", 40), first.text("note"), _day(first), first.number, tuple(faults),
    )  # fmt: skip


def _sum(rows: list[_Row], key: str, facts: Facts) -> int:
    """A sum of the order: once where the site repeats it on every row, else each row's part."""
    found = [row.vnd(key) for row in rows]
    return max(found) if facts.repeats else sum(found)


def _status(states: Sequence[Status | None]) -> Status:
    """The order's state: of rows that differ the earliest, and cancelled or returned only where all are."""
    found = [one for one in states if one is not None]
    if not found:
        return Status.UNPAID
    live = [one for one in found if one not in (Status.CANCELLED, Status.RETURNED)]
    order = list(Status)
    return min(live or found, key=order.index)


def _said(row: _Row, facts: Facts) -> Status | None:
    back = facts.statuses.get(heading_key(row.text("return_status", 80)))
    if back is Status.RETURNED and row.count("returned", 0) == 0:
        return back
    typed = row.text("status", 80)
    known = facts.statuses.get(heading_key(typed))
    if known is None:
        known = next((facts.statuses[word] for word in sorted(facts.statuses, key=len, reverse=True)
                      if len(word) > 5 and heading_key(typed).startswith(word)), None)  # fmt: skip
    if known is None:
        row.wrong("status", N_("chưa biết trạng thái “%(typed)s” nghĩa là gì"), typed=typed)
    return known


def _line(row: _Row, own: Status) -> Line:
    quantity = row.count("quantity", 1)
    total = row.vnd("line_total")
    if not total:
        total = row.vnd("unit_price") * quantity
    returned = min(row.count("returned", 0), quantity)
    if own is Status.RETURNED and not returned:
        returned = quantity
    name = " · ".join(part for key in ("name", "option") if (part := row.text(key, 160)))
    return Line(row.text("sku", 100) or name, name, quantity, total, returned)


def _day(row: _Row) -> str:
    if row.cell("placed_at") in (None, ""):
        return ""
    try:
        found: datetime = when(row.cell("placed_at")).at
    except Invalid as error:
        row.wrong("placed_at", error.message, **error.params)
        return ""
    return found.isoformat()


def lacking(keys: Sequence[str]) -> list[str]:
    """Titles of the columns without which nothing can be read."""
    found = [TITLES[key] for key in ORDERS_NEED if key not in keys]
    if "unit_price" not in keys and "line_total" not in keys:
        found.append(TITLES["unit_price"])
    return found
