"""A cooperative's vouchers and a programme's subsidy with its budget; no order of the story uses them.

No dice, and no order's money moves: the sums of the story stay what they were.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.rules import Role
from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from core import clock
from orders.vouchers import operations as vouchers
from orders.vouchers.operations import Draft
from revenue.subsidies.operations import deposit

BUDGET_VND = 20_000_000


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Two codes of the first cooperative, one of a programme for everybody's goods."""
    yield end - timedelta(days=9), Step(_own, cast.stalls[0])
    yield end - timedelta(days=8), Step(_programme, cast)


def _own(stall: Stall) -> None:
    """Ten per cent for known buyers, and a sum for large orders that is over by now."""
    today = clock.today()
    regular = Draft("KHACHQUEN", today, today + timedelta(days=90), percent_bp=1_000, most_vnd=50_000,
                    min_goods_vnd=100_000, uses_max=200, name="Khách quen, gửi qua Zalo")  # fmt: skip
    vouchers.make_voucher(stall.manager, stall.cooperative_id, "demo-regulars", regular)
    over = Draft("HOIXUAN", today, today + timedelta(days=5), amount_vnd=30_000, min_goods_vnd=300_000)
    vouchers.make_voucher(stall.manager, stall.cooperative_id, "demo-fair", over)


def _programme(cast: Cast) -> None:
    """Fifteen per cent of everything until Tết, while the budget lasts."""
    staff, today = cast.roles[Role.PROJECT_STAFF], clock.today()
    made = vouchers.make_subsidy(
        staff,
        "demo-subsidy",
        "Tết ấm vùng cao (minh hoạ)",
        "Kế hoạch hỗ trợ tiêu thụ nông sản, số liệu minh hoạ",
    )
    deposit(staff, made.id, BUDGET_VND, "demo-subsidy", "Đợt 1, minh hoạ")
    code = Draft("TETAM", today, today + timedelta(days=80), percent_bp=1_500, most_vnd=60_000)
    vouchers.make_subsidised_voucher(staff, made.id, "demo-subsidy-code", code)
