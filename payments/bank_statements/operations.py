"""Verbs of statements: send, say what columns are, accept, drop; and the turns in which an accepted one is booked."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from core.once import done_before, remember
from core.text import clean
from payments.bank_statements import queries, rules
from payments.bank_statements.columns import COLUMNS
from payments.bank_statements.models import BankStatement, StatementLayout, StatementLine
from payments.bank_statements.rules import Line, Outcome, State
from payments.feeds.queries import account_for
from payments.models import Refund
from payments.queries import organisation_of
from payments.rules import RefundState
from payments.tables.columns import Headings, find_headings, first_row_of_words
from payments.tables.files import Rows
from payments.transfers.operations import book, lock_account
from payments.transfers.rules import STATEMENT, News

STAFF = (Role.MANAGER, Role.TREASURER)
TURN = 50  # lines booked in one transaction


def send_statement(
    actor: Actor, key: str, account_id: int, file_name: str, stored: str, rows: Rows
) -> BankStatement:
    """Take a file of one account: its columns are found, its lines read, and nothing is booked yet.

    key: the form's; stored: the private file's name; rows: as `tables.files.read_rows` gave them. NotFound for
    another cooperative's account.
    """
    actor.must_be(*STAFF, Role.SYSTEM)
    account = account_for(account_id, actor.organisation_id)
    body = [account_id, stored]
    if found := done_before("send_statement", key, body):
        return db.session.get_one(BankStatement, int(found))
    made = BankStatement(
        key=key, cooperative_id=account.cooperative_id, bank_account_id=account_id, file=stored,
        file_name=clean(file_name)[:120], state=State.COLUMNS, headings=[], by_user_id=actor.user_id,
        sent_at=clock.now(), names_account=_names(rows, account.account_number),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    plain = [row for _no, row in rows]
    headings = find_headings(plain, COLUMNS, queries.layout_of(account_id)) or first_row_of_words(plain)
    if headings is None:
        raise Invalid(
            N_("Không thấy bảng nào trong tệp."),
            remedy=N_("Cần một dòng tiêu đề, ví dụ Ngày, Ghi có, Nội dung, và mỗi khoản một dòng ở dưới."),
            field="sheet",
        )
    _read(made, rows, headings)
    remember("send_statement", key, body, str(made.id))
    audit(actor, "send_statement", f"bank_statement:{made.id}", ("file", "headings"))
    return made


def _names(rows: Rows, account_number: str) -> bool:
    """Whether the account's number stands anywhere in the file, however it is spaced."""
    return any(
        account_number in "".join(c for c in str(cell) if c.isalnum())
        for _no, row in rows for cell in row if cell is not None
    )  # fmt: skip


def _read(statement: BankStatement, rows: Rows, headings: Headings) -> None:
    """Read the lines anew under these columns."""
    statement.headings = [[text, key] for text, key in zip(headings.texts, headings.keys, strict=True)]
    statement.heading_no = rows[headings.place][0]
    db.session.execute(delete(StatementLine).where(StatementLine.statement_id == statement.id))
    if rules.lacking(headings.keys):
        statement.state = rules.next_state(State(statement.state), "unread")
        return
    lines = rules.read_lines(rows, headings, clock.today())
    outcomes = queries.foretold(statement.bank_account_id, lines)
    db.session.add_all(_line(statement, line, outcome) for line, outcome in zip(lines, outcomes, strict=True))
    statement.state = rules.next_state(State(statement.state), "read")
    db.session.flush()


def _line(statement: BankStatement, line: Line, outcome: Outcome) -> StatementLine:
    fault = [line.fault.cell, line.fault.message, dict(line.fault.params)] if line.fault else None
    return StatementLine(
        statement_id=statement.id, bank_account_id=statement.bank_account_id, row_no=line.row_no,
        on_day=line.when.on if line.when else None, at=line.when.at if line.when else None,
        exact_time=bool(line.when and line.when.hour), amount_vnd=line.amount_vnd, content=line.content,
        reference=line.reference, balance_vnd=line.balance_vnd, fingerprint="" if fault else line.fingerprint,
        outcome=outcome, fault=fault,
    )  # fmt: skip


def set_columns(actor: Actor, statement_id: int, keys: Sequence[str], rows: Rows) -> BankStatement:
    """A person says what each column is; remembered for the account's next file, and the lines are read again.

    Raises Invalid for a column given twice, Conflict once it was accepted.
    """
    actor.must_be(*STAFF)
    found = queries.statement_for(statement_id, actor.organisation_id, lock=True)
    rules.next_state(State(found.state), "read")
    known = {column.key for column in COLUMNS}
    wanted = [key if key in known else "" for key in keys][: len(found.headings)]
    wanted += [""] * (len(found.headings) - len(wanted))
    used = [key for key in wanted if key]
    if len(used) != len(set(used)):
        raise Invalid(N_("Hai cột đang mang cùng một nghĩa."), remedy=N_("Để một cột là Không đọc."))
    place = next(n for n, (number, _row) in enumerate(rows) if number == found.heading_no)
    headings = Headings(place, tuple(text for text, _key in found.headings), tuple(wanted))
    _remember_layout(found.bank_account_id, headings)
    _read(found, rows, headings)
    audit(actor, "set_statement_columns", f"bank_statement:{found.id}", ("headings",))
    return found


def _remember_layout(account_id: int, headings: Headings) -> None:
    """What one person's file taught, added to what others' did: the account's lock lets them do it one by one."""
    lock_account(account_id)
    wanted = select(StatementLayout).where(StatementLayout.bank_account_id == account_id)
    row = db.session.execute(wanted).scalar_one_or_none() or StatementLayout(
        bank_account_id=account_id, layout={}
    )
    row.layout, row.changed_at = {**row.layout, **headings.layout}, clock.now()
    db.session.add(row)


def accept_statement(actor: Actor, statement_id: int) -> BankStatement:
    """Book a statement's money. It is done in turns by `apply_turn`; twice is harmless."""
    actor.must_be(*STAFF, Role.SYSTEM)
    found = queries.statement_for(statement_id, actor.organisation_id, lock=True)
    if found.state in (State.APPLYING, State.DONE):
        return found
    found.state = rules.next_state(State(found.state), "accept")
    texts, keys = (tuple(part[n] for part in found.headings) for n in (0, 1))
    _remember_layout(found.bank_account_id, Headings(0, texts, keys))
    audit(actor, "accept_statement", f"bank_statement:{found.id}", ("state",))
    return found


def drop_statement(actor: Actor, statement_id: int) -> None:
    """Put a file aside before it was accepted. What it says is forgotten, the file's row stays."""
    actor.must_be(*STAFF)
    found = queries.statement_for(statement_id, actor.organisation_id, lock=True)
    found.state = rules.next_state(State(found.state), "drop")
    db.session.execute(delete(StatementLine).where(StatementLine.statement_id == found.id))
    audit(actor, "drop_statement", f"bank_statement:{found.id}", ("state",))


def apply_turn(statement_id: int, most: int = TURN) -> bool:
    """Book the next lines of an accepted statement, inside the caller's transaction; True when none is left."""
    found = db.session.get_one(BankStatement, statement_id, populate_existing=True)
    account = lock_account(found.bank_account_id)
    db.session.refresh(found)
    if found.state != State.APPLYING:
        return True
    actor = Actor(SYSTEM.user_id, Role.SYSTEM, organisation_of(found.cooperative_id))
    waiting = select(StatementLine).where(
        StatementLine.statement_id == statement_id, StatementLine.amount_vnd > 0, StatementLine.transfer_id.is_(None),
        StatementLine.outcome.in_([Outcome.NEW, Outcome.KNOWN]),
    )  # fmt: skip
    rows = list(db.session.execute(waiting.order_by(StatementLine.row_no).limit(most)).scalars())
    for row in rows:
        assert row.at, "the database holds it"
        made = book(actor, account, News(
            STATEMENT, row.fingerprint, row.amount_vnd, row.content, row.reference, row.at, exact_time=row.exact_time
        ))  # fmt: skip
        mine = made.provider == STATEMENT and made.provider_id == row.fingerprint
        earlier = mine and _booked_before(made.id)
        row.transfer_id, row.outcome = made.id, Outcome.BOOKED if mine and not earlier else Outcome.KNOWN
        db.session.flush()
    if len(rows) == most:
        return False
    _match_refunds(found)
    found.state, found.done_at = rules.next_state(State.APPLYING, "finish"), clock.now()
    audit(actor, "book_statement", f"bank_statement:{found.id}", ("state",))
    return True


def _booked_before(transfer_id: int) -> bool:
    """Whether a line of any statement had brought this transfer."""
    wanted = select(StatementLine.id).where(StatementLine.transfer_id == transfer_id)
    return db.session.execute(wanted).first() is not None


def _match_refunds(statement: BankStatement) -> None:
    """Say of money that went which refund it was: by reference or order code, else by sum where only one fits."""
    wanted = select(StatementLine).where(
        StatementLine.statement_id == statement.id,
        StatementLine.outcome == Outcome.OUT,
        StatementLine.refund_id.is_(None),
    )
    rows = [row for row in db.session.execute(wanted.order_by(StatementLine.row_no)).scalars() if row.at]
    if not rows:
        return
    at = [row.at for row in rows if row.at]
    sent = queries.sent_refunds(statement.cooperative_id, min(at), max(at))
    for sure in (True, False):
        for row in rows:
            if row.refund_id is None and (one := _refund_for(row, rows, sent, sure=sure)) is not None:
                row.refund_id = one.id
                sent.remove(one)
    db.session.flush()


def _refund_for(
    row: StatementLine, rows: Sequence[StatementLine], sent: Sequence[queries.SentRefund], *, sure: bool
) -> queries.SentRefund | None:
    alike = [one for one in sent if one.amount_vnd == -row.amount_vnd]
    if sure:
        fits = (
            one for one in alike if rules.refund_fits(row.content, row.reference, one.reference, one.words)
        )
        return next(fits, None)
    near = [one for one in alike if row.at and abs(one.sent_at - row.at) <= timedelta(days=1)]
    others = [one for one in rows if one.amount_vnd == row.amount_vnd and one.refund_id is None]
    return near[0] if len(near) == len(others) == 1 else None


def match_sent(refund: Refund) -> None:
    """A refund was just marked sent: find it among money that went by statements that came before."""
    if refund.state != RefundState.SENT or refund.sent_how != "bank":
        return
    now = clock.now()
    mine = [one for one in queries.sent_refunds(refund.cooperative_id, now, now) if one.id == refund.id]
    since = now - timedelta(days=7)
    for row in queries.free_out_lines(refund.cooperative_id, refund.amount_vnd, since):
        if mine and rules.refund_fits(row.content, row.reference, mine[0].reference, mine[0].words):
            row.refund_id = refund.id
            db.session.flush()
            return
