"""Two treasurers at once, in processes of their own: whoever is first, the book says each thing once."""

import json
import secrets
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from core.db import db, transaction
from messages.models import Message
from orders.queries import order
from payments.bank_statements.models import StatementLine
from payments.models import Transfer
from payments.payruns.models import PayrunLine
from payments.queries import payment_of
from revenue.audit.queries import faults
from revenue.models import Entry, Ledger, Payout
from revenue.operations import pay_producer
from tests.exams.processes import Child
from tests.exams.stage import rounds
from tests.factories.payments import pay, place_order
from tests.payments.scene import balances, shelf
from tests.payruns.scene import a_till

pytestmark = pytest.mark.slow
AT_ONCE = 4
START_S = 0.1  # from telling all of them until they start


class Crowd:
    """Processes that start their tasks at the same instant."""

    def __init__(self, where, people):
        self.processes = [Child("treasurers", *one, env=where.env(LOG_LEVEL="error")) for one in people]
        assert [one.stdout.readline().strip() for one in self.processes] == ["ready"] * len(people)

    def do(self, *tasks):
        """Each process its list of deeds, all at once; what came of them, by process."""
        at = time.time() + START_S
        for one, task in zip(self.processes, tasks, strict=True):
            one.stdin.write(json.dumps({"at": at, "do": task}) + "\n")
            one.stdin.flush()
        return [json.loads(one.stdout.readline()) for one in self.processes]


@contextmanager
def crowd(where, *people):
    """So many treasurers, each a (user, organisation); ended by the end of their input."""
    made = Crowd(where, people)
    try:
        yield made
        for one in made.processes:
            one.end()
    finally:
        for one in made.processes:
            one.close()


def two_by_two(till):
    """Maker and second, in turns."""
    return [(who.user_id, till.org) for who in (till.maker, till.second) * (AT_ONCE // 2)]


def book(organisation_id):
    """Every entry of a book: its key and what it says."""
    db.session.rollback()
    rows = db.session.execute(
        select(Entry.key, Entry.body_hash)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == organisation_id)
    )
    return sorted(tuple(row) for row in rows)


def count(model, *where):
    """Rows of a table."""
    return db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()


def test_a_pay_run_sent_by_several_at_once_pays_each_family_once(where, session_app):
    with where.inside(session_app):
        till = a_till(10_000, 20_000, 30_000)
    with crowd(where, *two_by_two(till)) as treasurers:
        for number in range(1, rounds(3, 40) + 1):
            with where.inside(session_app):
                run_id = till.run().id
            sent = treasurers.do(*[[["send_run", run_id]]] * AT_ONCE)
            assert sorted(one for [one] in sent) == [[0, 0]] * (AT_ONCE - 1) + [[3, 0]]
            with where.inside(session_app):
                once = book(till.org)
                lines = PayrunLine.run_id == run_id
                assert [one.state for one in till.lines(run_id)] == ["sent"] * 3
                assert count(Payout) == 3 * number == count(PayrunLine, PayrunLine.payout_id.is_not(None))
                assert count(PayrunLine, lines) == 3
                assert till.bank() == 50_000_000 - number * 60_000
                assert [till.owed(n) for n in range(3)] == [0, 0, 0]
                assert count(Message, Message.kind == "payout") == 3 * number
                assert list(faults()) == []
            assert treasurers.do(*[[["send_run", run_id]]] * AT_ONCE) == [[[0, 0]]] * AT_ONCE
            with where.inside(session_app):
                assert book(till.org) == once
                for place, amount in enumerate((10_000, 20_000, 30_000)):
                    till.earns(amount, place)


def test_a_payout_that_is_returned_and_reversed_at_once_comes_back_once(where, session_app):
    with where.inside(session_app):
        till = a_till(20_000)
    with crowd(where, *two_by_two(till)) as treasurers:
        for _round in range(rounds(4, 60)):
            with where.inside(session_app):
                with transaction():
                    paid = pay_producer(till.maker, till.producers[0], 20_000, "bank", secrets.token_hex(8))
                payout_id, entry_id = paid.id, paid.entry_id
                assert till.owed() == 0
            back, mistake = ["take_return", payout_id], ["reverse", entry_id]
            said = [one for [one] in treasurers.do([back], [mistake], [mistake], [back])]
            returned, reversed_ = {said[0], said[3]}, {said[1], said[2]}
            assert (returned == {payout_id}) != (returned == {"Conflict"}), said
            assert (reversed_ == {"Conflict"}) == (returned == {payout_id}), said
            with where.inside(session_app):
                once = book(till.org)
                assert (till.owed(), till.bank()) == (20_000, 50_000_000)
                assert list(faults()) == []
            treasurers.do([back], [mistake], [back], [mistake])
            with where.inside(session_app):
                assert book(till.org) == once


def test_a_statement_imported_several_times_at_once_is_in_the_book_once(where, session_app):
    with where.inside(session_app):
        coop, pack = shelf(quantity=1_000)
        org = coop.organisation_id
        till = a_till()
        pack_id, total = pack.id, 0
    with crowd(where, *[(till.maker.user_id, org)] * AT_ONCE) as treasurers:
        for number in range(1, rounds(2, 20) + 1):
            with where.inside(session_app):
                from catalog.models import Pack

                bought = place_order([(db.session.get_one(Pack, pack_id), 1)], phone=f"+8491{number:07}")[0]
                order_id, account_id = bought.id, payment_of(bought.id).bank_account_id
                bank_day = f"{bought.placed_at:%d/%m/%Y}"
                text = _statement(bank_day, bought, number)
                total += bought.total_vnd + sum(7_000 + 100 * number + n for n in range(1, 9))
            done = treasurers.do(
                *[[["import_file", f"file-{number}-{n}", account_id, text]] for n in range(AT_ONCE)]
            )
            assert all(isinstance(one, int) for [one] in done), done
            with where.inside(session_app):
                once = book(org)
                assert count(Transfer) == 9 * number
                assert count(StatementLine, StatementLine.outcome == "booked") == 9 * number
                again = 9 * number * (AT_ONCE - 1) + 9 * (number - 1) * AT_ONCE
                assert count(StatementLine, StatementLine.outcome == "known") == again
                assert order(order_id).state == "to_pack"
                held = balances(order(order_id))
                assert (held["bank"], held["bank"] + held["buyer_prepayment"] + held["suspense"]) == (
                    total,
                    0,
                )
                assert list(faults()) == []
            treasurers.do(
                *[[["import_file", f"again-{number}-{n}", account_id, text]] for n in range(AT_ONCE)]
            )
            with where.inside(session_app):
                assert book(org) == once


def _statement(day, bought, number):
    """A table of the order's money and of eight more of which nobody knows, two of them alike but for the number."""
    lines = ["Ngày giao dịch;Ghi nợ;Ghi có;Nội dung;Số tham chiếu",
             f"{day};;{bought.total_vnd};MBVCB {bought.code} CK;FT{number}00"]  # fmt: skip
    lines += [f"{day};;{7_000 + 100 * number + n};khong ro;FT{number}0{n}" for n in range(1, 9)]
    return "\n".join(lines)


def test_money_in_suspense_taken_and_undone_at_once_is_in_one_place(where, session_app):
    with where.inside(session_app):
        _coop, pack = shelf(quantity=1_000)
        bought = place_order([(pack, 1)])[0]
        org, order_id = _coop.organisation_id, bought.id
        made = pay(bought, content="không rõ").id
        total, till = bought.total_vnd, a_till()
    take, undo = ["take", made, order_id], ["undo", made]
    taken = undone = 0
    with crowd(where, *[(till.maker.user_id, org)] * AT_ONCE) as treasurers:
        for _round in range(rounds(5, 60)):
            said = [word for one in treasurers.do([take, undo], [undo, take], [take], [undo]) for word in one]
            assert set(said) <= {"matched", "suspense", "Conflict"}, said
            taken, undone = taken + said.count("matched"), undone + said.count("suspense")
            with where.inside(session_app):
                now = db.session.get_one(Transfer, made)
                place = {"matched": "buyer_prepayment", "suspense": "suspense"}[now.state]
                assert balances(order(order_id)) == {"bank": total, place: -total}
                assert order(order_id).state == ("to_pack" if now.state == "matched" else "awaiting_payment")
                assert (now.undo_count, taken - undone) == (undone, int(now.state == "matched"))
                assert len(book(org)) == 1 + taken + undone
                assert list(faults()) == []
    assert taken and undone
