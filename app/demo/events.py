"""What happens once in the year: a member moves, terms change, a lot is recalled, unknown money, pay runs."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.rules import SYSTEM
from app.demo import recalls
from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from cooperatives import operations as cooperatives
from cooperatives.queries import active_account, producer_name
from cooperatives.rules import Terms
from core import clock
from households.operations import move_person
from payments import operations as payments
from payments.payouts.operations import set_producer_account
from payments.providers.sepay import Notice
from revenue.operations import pay_producer
from revenue.queries import owed


def extra_stories(cast: Cast, start: datetime, end: datetime) -> Iterator[Story]:
    """The single events, in no order."""
    half = start + (end - start) / 2
    for stall in cast.stalls[:3]:
        yield start + timedelta(days=11), Step(_bank_accounts, stall)
    yield half, Step(_move, cast.stalls[0])
    yield half + timedelta(days=20), Step(_new_terms, cast.stalls[5])
    yield from recalls.stories(cast.stalls[4], cast.stalls[0], end)
    yield end - timedelta(days=9), Step(_unknown_money, cast.stalls[0], "901001", 150_000, "chuyen khoan")
    yield end - timedelta(days=2), Step(_unknown_money, cast.stalls[1], "901002", 55_000, "mua mien")
    for month in range(1, 13):
        for stall in cast.stalls:
            yield start + timedelta(days=30 * month, hours=6), Step(_pay_members, stall, month)


def _bank_accounts(stall: Stall) -> None:
    """Some members want their money in the bank."""
    for place, member in enumerate(stall.members[:5]):
        number = f"1900{stall.cooperative_id:03}{place:04}"
        set_producer_account(
            stall.treasurer, member.producer_id, "970405", number, producer_name(member.producer_id)
        )


def _move(stall: Stall) -> None:
    """A producer marries into another household; her later harvest counts there."""
    who = next(member for member in stall.members if member.person_id is not None)
    other = next(member for member in reversed(stall.members) if member.household_id != who.household_id)
    move_person(SYSTEM, who.person_id or 0, other.household_id, clock.today())


def _new_terms(stall: Stall) -> None:
    """The assembly raises the members' share."""
    producers_bp, processing_bp, fund_bp = stall.spec["terms"]
    cooperatives.set_terms(
        stall.manager, Terms(clock.today(), producers_bp + 300, processing_bp - 300, fund_bp)
    )


def _unknown_money(stall: Stall, number: str, amount_vnd: int, content: str) -> None:
    """Money without an order code waits in suspense."""
    account = active_account(stall.cooperative_id)
    if account is not None:
        notice = Notice(
            number, account.account_number, "", amount_vnd, content, f"FT{number}", clock.now(), True
        )
        payments.receive_transfer(account.id, notice)


def _pay_members(stall: Stall, month: int) -> None:
    """The monthly pay run: what is owed over 20,000 đ, as far as the money reaches."""
    for one in owed(stall.organisation_id):
        amount = one.owed_vnd // 1000 * 1000
        if amount >= 20_000:
            method = "cash" if one.producer_id % 3 else "bank"
            pay_producer(
                stall.treasurer, one.producer_id, amount, method, f"demo-pay-{month}-{one.producer_id}"
            )
