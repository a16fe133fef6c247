"""What may be said about an event afterwards. Pure.

Sources: EPCIS 2.0 section 7.4.1.4 (an error is declared beside the event, which stays) and 7.3.7 (sensor elements);
units from UN/ECE Recommendation 20.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Conflict, Invalid
from core.i18n import N_
from traceability.epcis.rules import OF_ONE_FAMILY, UOM, Goods, Step, goods_said, lot_codes


@dataclass(frozen=True)
class Gauge:
    """What is measured, in which unit, and between which whole numbers a reading is believed."""

    unit: str
    least: int
    most: int


GAUGES = {"Temperature": Gauge("CEL", -40, 250), "RelativeHumidity": Gauge("P1", 0, 100)}
FOLLOWS = frozenset({Step.SENSED, Step.CERTIFIED})


def check_reading(kind: str, value: int) -> Gauge:
    """The gauge of a reading. Raises Invalid for one that nobody measures here, or a number no thermometer shows."""
    gauge = GAUGES.get(kind)
    if gauge is None:
        raise Invalid(N_("Chọn đo gì."), field="kind")
    if not gauge.least <= value <= gauge.most:
        raise Invalid(
            N_("Số đo phải từ %(least)s đến %(most)s."), field="value", least=gauge.least, most=gauge.most
        )
    return gauge


def check_open(step: str) -> None:
    """Whether anything may be laid beside an event: of one family it would tell the day. Raises Conflict."""
    if step in OF_ONE_FAMILY:
        raise Conflict(
            N_("Phiếu cân của một nhà chỉ nói tháng, nên không gắn thêm gì."),
            remedy=N_("Gắn vào lô làm ra từ phiếu ấy."),
        )
    if step in FOLLOWS:
        raise Conflict(N_("Đây đã là số đo hoặc giấy gắn thêm."), remedy=N_("Gắn vào chính việc ấy."))


def goods_again(document: Mapping[str, object], base_url: str, lots: Mapping[str, int]) -> list[Goods]:
    """The goods of an event, to be named by another about the same: of a transformation, what came out of it.

    lots: row ids of its lots by code.
    """
    out = document.get("outputQuantityList")
    units = {str(uom): unit for unit, uom in UOM.items()}
    found = []
    for one in goods_said({"quantityList": out} if out else document):
        path = str(one.get("epcClass", "")).removeprefix(base_url)
        code = next(iter(lot_codes({"quantityList": [one]})), "")
        quantity = one.get("quantity")
        amount = quantity if isinstance(quantity, int) else None
        found.append(Goods(path, amount, units.get(str(one.get("uom")), "pcs"), lots.get(code)))
    return found
