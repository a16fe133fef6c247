"""Clauses of settlement terms: what may stand in them. Pure.

A sale is divided over producers, processing and fund. A clause never takes from the producers' part: the market's fee,
costs and labour are paid out of the processing part, in the order written, and named funds share the fund part. So
the share that buyers read on a product's page is the share that families get.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Invalid
from core.i18n import N_

CLAUSES_MAX = 12
PER_KG_MAX_VND = 1_000_000
PER_HOUR_MAX_VND = 1_000_000


class ClauseKind(StrEnum):
    """What a clause is about."""

    PLATFORM = "platform"  # the market's fee: a rate of the goods, 0 unless agreed
    FEE = "fee"  # a cost with a name of its own: a rate, or đồng a kilogram sold
    LABOUR = "labour"  # work: đồng a kilogram sold, or đồng an hour of the batch
    FUND = "fund"  # a named part of the fund


class Per(StrEnum):
    """What an amount is counted by."""

    RATE = "rate"
    KG = "kg"
    HOUR = "hour"


FUNDS = ("development", "reserve", "indivisible")
ALLOWED: dict[ClauseKind, tuple[Per, ...]] = {
    ClauseKind.PLATFORM: (Per.RATE,),
    ClauseKind.FEE: (Per.RATE, Per.KG),
    ClauseKind.LABOUR: (Per.KG, Per.HOUR),
    ClauseKind.FUND: (Per.RATE,),
}


@dataclass(frozen=True)
class Clause:
    """One clause. rate_bp: of the goods' price, for a RATE; amount_vnd: a kilogram or an hour, else.

    name: what the cost is called, or which of FUNDS; empty for platform and labour.
    """

    kind: str
    per: str
    rate_bp: int = 0
    amount_vnd: int = 0
    name: str = ""


def check_clauses(clauses: Sequence[Clause], processing_bp: int, fund_bp: int) -> list[Invalid]:
    """Everything that is wrong with the clauses, each with the field that a form can show it at."""
    errors: list[Invalid] = []
    if len(clauses) > CLAUSES_MAX:
        errors.append(Invalid(N_("Nhiều nhất %(most)s khoản."), most=CLAUSES_MAX, field="fee_1_name"))
    for clause in clauses:
        errors += _faults(clause)
    kinds = (ClauseKind.PLATFORM, ClauseKind.FEE)
    if sum(one.rate_bp for one in clauses if one.kind in kinds) > processing_bp:
        errors.append(
            Invalid(
                N_("Phí chợ và chi phí cộng lại nhiều hơn phần chế biến."),
                remedy=N_("Bớt chi phí, hoặc nâng phần chế biến."), field="platform",
            )
        )  # fmt: skip
    funds = [one for one in clauses if one.kind == ClauseKind.FUND]
    if funds and sum(one.rate_bp for one in funds) != fund_bp:
        errors.append(
            Invalid(
                N_("Các quỹ cộng lại chưa bằng phần vào quỹ."),
                remedy=N_("Sửa cho các quỹ cộng lại vừa đúng, hoặc để trống cả."), field="fund_development",
            )
        )  # fmt: skip
    if len({one.name for one in funds}) < len(funds):
        errors.append(Invalid(N_("Mỗi quỹ chỉ ghi một lần."), field="fund_development"))
    return errors


def _faults(clause: Clause) -> list[Invalid]:
    kind = ClauseKind(clause.kind)
    field = {
        ClauseKind.FEE: "fee_1_name",
        ClauseKind.LABOUR: "labour_kg",
        ClauseKind.FUND: "fund_development",
    }.get(kind, "platform")
    errors = []
    if clause.per not in ALLOWED[kind]:
        errors.append(Invalid(N_("Khoản này không tính theo cách ấy."), field=field))
    if clause.per == Per.RATE and not (0 < clause.rate_bp <= 10_000 and clause.amount_vnd == 0):
        errors.append(Invalid(N_("Phần trăm phải từ 0 đến 100."), field=field))
    most = PER_HOUR_MAX_VND if clause.per == Per.HOUR else PER_KG_MAX_VND
    if clause.per != Per.RATE and not (0 < clause.amount_vnd <= most and clause.rate_bp == 0):
        errors.append(Invalid(N_("Số tiền phải từ 1 đến 1.000.000 đồng."), field=field))
    if kind is ClauseKind.FEE and not 2 <= len(clause.name) <= 60:
        errors.append(
            Invalid(N_("Viết tên chi phí, từ 2 đến 60 chữ."), remedy=N_("Ví dụ: bao bì."), field="fee_1_name")
        )
    if kind is ClauseKind.FUND and clause.name not in FUNDS:
        errors.append(Invalid(N_("Chọn một quỹ có trong danh sách."), field=field))
    return errors
