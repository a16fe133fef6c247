"""Verbs of bank accounts: a change is proposed by one person, approved by a second, and held 48 hours before use."""

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives import queries, rules
from cooperatives.bank.rules import bank
from cooperatives.models import BankAccount
from cooperatives.rules import AccountEvent, AccountState
from core import clock
from core.crypto import keyed_hash
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_

WEBHOOK_PURPOSE = "bank.webhook"


def propose_account(actor: Actor, bank_bin: str, account_number: str, holder: str) -> BankAccount:
    """Propose where the cooperative's money shall go. Raises Conflict while another change is open."""
    actor.must_be(Role.MANAGER, Role.TREASURER)
    if actor.user_id is None:
        raise Invalid(N_("Đổi tài khoản cần một người có tên."))
    found = queries.of_organisation(actor.organisation_id)
    settle_accounts(found.id)
    if queries.open_change(found.id) is not None:
        raise Conflict(N_("Đang có một tài khoản chờ duyệt."), remedy=N_("Duyệt hoặc bỏ tài khoản đó trước."))
    made = BankAccount(
        cooperative_id=found.id,
        bank_bin=bank_bin,
        bank_name=bank(bank_bin).short,
        account_number=rules.check_account_number(account_number),
        holder=rules.holder_name(holder),
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
        state=AccountState.PROPOSED,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, "propose account", f"bank_account:{made.id}", ("bank", "number", "holder"))
    return made


def _mine(actor: Actor, account_id: int) -> BankAccount:
    """An account of the actor's cooperative; an administrator may take any. NotFound for somebody else's."""
    found = db.session.get(BankAccount, account_id)
    actor.must_be(Role.MANAGER, Role.TREASURER, Role.ADMINISTRATOR)
    foreign = (
        found is not None
        and actor.role is not Role.ADMINISTRATOR
        and queries.cooperative(found.cooperative_id).organisation_id != actor.organisation_id
    )
    if found is None or foreign:
        raise NotFound(N_("Không tìm thấy tài khoản này."))
    return found


def approve_account(actor: Actor, account_id: int) -> BankAccount:
    """A second person agrees to a proposed account; 48 hours later money goes there. Invalid for the proposer."""
    found = _mine(actor, account_id)
    state = rules.next_account_state(found.state, AccountEvent.APPROVE)
    if actor.user_id == found.proposed_by or actor.user_id is None:
        raise Invalid(
            N_("Người đề nghị không tự duyệt tài khoản."),
            remedy=N_("Nhờ quản lý hoặc thủ quỹ khác mở trang này và duyệt."),
        )
    first = queries.active_account(found.cooperative_id) is None
    found.state, found.approved_by, found.approved_at = state, actor.user_id, clock.now()
    found.effective_at = rules.effective_at(clock.now(), first=first)
    db.session.flush()
    audit(actor, "approve account", f"bank_account:{found.id}", ("state",))
    settle_accounts(found.cooperative_id)
    return found


def withdraw_account(actor: Actor, account_id: int) -> BankAccount:
    """Stop a change before it takes effect. Any one person of the staff may: stopping is always safe."""
    found = _mine(actor, account_id)
    settle_accounts(found.cooperative_id)
    found.state = rules.next_account_state(found.state, AccountEvent.WITHDRAW)
    found.retired_at = clock.now()
    db.session.flush()
    audit(actor, "withdraw account", f"bank_account:{found.id}", ("state",))
    return found


def settle_accounts(cooperative_id: int | None = None) -> int:
    """Write down what time has decided: held accounts whose hours have passed become active, those before retire.

    `queries.active_account` needs no such writing; this keeps the states readable. Returns how many accounts changed.
    """
    query = select(BankAccount).where(
        BankAccount.state == AccountState.WAITING, BankAccount.effective_at <= clock.now()
    )
    if cooperative_id is not None:
        query = query.where(BankAccount.cooperative_id == cooperative_id)
    opened = list(db.session.execute(query).scalars())
    for account in opened:
        for other in queries.accounts(account.cooperative_id):
            if other.state == AccountState.ACTIVE and other.id != account.id:
                other.state = rules.next_account_state(other.state, AccountEvent.REPLACE)
                other.retired_at = account.effective_at
        account.state = rules.next_account_state(account.state, AccountEvent.OPEN)
    db.session.flush()
    return len(opened)


def set_webhook_key(actor: Actor, account_id: int, key: str) -> None:
    """Keep the hash of the key that the bank feed of an account sends; an empty key turns the feed off."""
    found = _mine(actor, account_id)
    if key and len(key) < 16:
        raise Invalid(N_("Khóa này ngắn quá, cần ít nhất 16 ký tự."), field="webhook_key")
    found.webhook_key_hash = keyed_hash(key, purpose=WEBHOOK_PURPOSE) if key else None
    db.session.flush()
    audit(actor, "set webhook key", f"bank_account:{found.id}", ("webhook_key",))
