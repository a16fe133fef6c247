"""Payday of the demonstration: a run that waits to be sent, a statement on paper, a family's question with its answer.

No dice, and no money moves: the sums of the story stay what they were.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.rules import Role
from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from cooperatives.queries import producers_of_user
from core import clock, files
from payments.payouts.operations import set_producer_account
from payments.payruns.operations import make_run
from payments.payruns.queries import Choice, funds, planned
from revenue.disputes.operations import Asked, answer, open_dispute
from revenue.disputes.rules import About
from revenue.ledger.queries import owed_producers
from revenue.statements.operations import Drawn, issue
from revenue.statements.papers import sheet, steady
from revenue.statements.rules import number_from

PAPER = number_from("202611220000001")
FAMILIES, MOST_VND = 3, 3_000_000


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """The first cooperative, with the member whom visitors sign in as."""
    stall = cast.stalls[0]
    yield end - timedelta(hours=30), Step(_accounts, stall)
    yield end - timedelta(hours=6), Step(_run, stall)
    yield end - timedelta(hours=5), Step(_question, cast, stall)
    yield end - timedelta(hours=4), Step(_paper, cast, stall)


def _hers(cast: Cast) -> int:
    """The producer whom visitors sign in as."""
    return producers_of_user(cast.roles[Role.PRODUCER].user_id or 0)[0].id


def _accounts(stall: Stall) -> None:
    """A few families said where their money goes; the numbers are invented."""
    for number, (producer_id, _owed) in enumerate(owed_producers(stall.organisation_id)[:FAMILIES]):
        set_producer_account(stall.treasurer, producer_id, "970436", f"000000000{number}", "NGUOI MAU")


def _run(stall: Stall) -> None:
    """A run that the treasurer made this morning and has not sent yet."""
    own = stall.organisation_id
    choice = Choice(clock.today(), most_vnd=min(MOST_VND, funds(own).own_vnd))
    plan = planned(own, choice)
    if plan.lines:
        make_run(stall.treasurer, choice, "demo-payday", plan.digest)


def _question(cast: Cast, stall: Stall) -> None:
    """A family asks, the treasurer answers."""
    asked = Asked(About.SUM, None, "Tháng trước nhà mình giao hai lần, sao tôi thấy có một?")
    made = open_dispute(cast.roles[Role.PRODUCER], _hers(cast), "demo-question", asked)
    answer(
        stall.treasurer,
        made.id,
        "demo-answer",
        "Lần thứ hai cân ở tháng này rồi. Mời nhà xem dòng đầu trong bảng kê.",
    )


def _paper(cast: Cast, stall: Stall) -> None:
    """A statement that the family took home."""
    from revenue.statements.drawing import draw  # 30 MB of PDF machinery that a web process does without

    producer_id = _hers(cast)
    seen = steady(stall.organisation_id, producer_id)
    drawn = Drawn(PAPER, files.put(draw(sheet(seen, PAPER)), ".pdf"), seen)
    issue(stall.treasurer, producer_id, "demo-paper", drawn)
