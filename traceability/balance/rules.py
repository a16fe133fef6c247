"""What an imbalance is, and what a year's harvest may plausibly weigh. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.i18n import N_


class What(StrEnum):
    """How goods do not balance."""

    SLIP_OVERUSED = "slip_overused"
    VOID_USED = "void_used"
    BATCH_INPUT = "batch_input"
    BATCH_OUTPUT = "batch_output"
    MORE_OUT = "more_out"
    YIELD = "yield"
    LOT_MADE = "lot_made"
    LOT_USED = "lot_used"
    LOT_BULK = "lot_bulk"
    LOT_PACKED = "lot_packed"
    STOCK = "stock"
    ORDER_TAKEN = "order_taken"
    ORDER_BACK = "order_back"
    LOOP = "loop"
    HARVEST = "harvest"


WORDS: dict[What, str] = {
    What.SLIP_OVERUSED: N_("Các mẻ lấy nhiều hơn phiếu cân ghi"),
    What.VOID_USED: N_("Phiếu đã bỏ mà vẫn nằm trong mẻ"),
    What.BATCH_INPUT: N_("Đầu vào của mẻ khác tổng các món đưa vào"),
    What.BATCH_OUTPUT: N_("Các lô của mẻ cộng lại khác đầu ra đã ghi"),
    What.MORE_OUT: N_("Mẻ ra nặng hơn vào"),
    What.YIELD: N_("Ra nhiều hơn công thức cho phép mà không ghi vì sao"),
    What.LOT_MADE: N_("Lô ghi nặng khác với sổ của lô"),
    What.LOT_USED: N_("Số đã đưa vào mẻ khác khác với sổ của lô"),
    What.LOT_BULK: N_("Số chưa đóng gói khác với sổ của lô"),
    What.LOT_PACKED: N_("Gói nặng hơn số hàng đã lấy ra đóng"),
    What.STOCK: N_("Số gói trong kho khác với sổ của lô"),
    What.ORDER_TAKEN: N_("Gói trong đơn khác với gói đã lấy khỏi kho"),
    What.ORDER_BACK: N_("Gói khách trả khác với gói đã nhận lại kho"),
    What.LOOP: N_("Hàng quay vòng về chính nó"),
    What.HARVEST: N_("Giao nhiều hơn ruộng có thể cho"),
}


@dataclass(frozen=True)
class Imbalance:
    """One place where two figures should fit. of: lot:12. said: what is claimed; found: what the rest allows.

    suspicion: not a broken sum, but more than an assumption allows; a person looks, nobody is accused.
    """

    what: What
    of: str
    name: str
    said: int
    found: int
    unit: str = "g"

    @property
    def suspicion(self) -> bool:
        """Whether this is only unlikely."""
        return self.what is What.HARVEST

    @property
    def word(self) -> str:
        """What is wrong, as a message id."""
        return WORDS[self.what]


@dataclass(frozen=True)
class Field:
    """A plot between days, with the yield that was assumed then."""

    area_m2: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Assumed:
    """The most a square metre gives in a year, from a day on."""

    from_on: date
    most_g: int


def days_within(field: Field, first: date, after: date) -> int:
    """How many days of a span, first included and last not, a plot was worked.

    >>> days_within(Field(1000, date(2026, 7, 1), None), date(2026, 1, 1), date(2027, 1, 1))
    184
    """
    begin, end = max(first, field.from_on), min(after, field.to_on or after)
    return max(0, (end - begin).days)


def plausible_g(fields: Iterable[Field], assumed: Sequence[Assumed], first: date, after: date) -> int | None:
    """The most that plots plausibly gave in a span of at most a year, in grams. None where nobody said a yield.

    A plot worked on any day of the span counts whole, since a year has one harvest; the yield is the last one dated
    before the span ends. Generous on purpose: what lies above it deserves a question.

    >>> plausible_g([Field(1000, date(2025, 1, 1), None)], [Assumed(date(2025, 1, 1), 4000)], date(2026, 1, 1),
    ...             date(2027, 1, 1))
    4000000
    """
    valid = [one for one in assumed if one.from_on < after]
    if not valid:
        return None
    most_g = max(valid, key=lambda one: one.from_on).most_g
    return sum(field.area_m2 * most_g for field in fields if days_within(field, first, after))
