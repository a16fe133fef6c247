"""Verbs of a cooperative's life: apply, approve, refuse, suspend; staff; settlement terms.

Those of bank accounts and producers stand in `bank` and `members`, and are offered here too: callers need one module.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from accounts.operations import audit, create_organisation, grant, invite
from accounts.queries import user
from accounts.rules import Actor, Role, normalise_phone
from cooperatives import queries, rules
from cooperatives.bank.operations import approve_account, propose_account, set_webhook_key, withdraw_account
from cooperatives.bank.operations import settle_accounts as settle_accounts
from cooperatives.bank.rules import bank
from cooperatives.members.operations import add_producer, end_standing, set_standing
from cooperatives.models import (
    BankAccount,
    Cooperative,
    CooperativeDocument,
    SettlementTerms,
    TermsClause,
    TermsGrade,
)  # fmt: skip
from cooperatives.rules import AccountState, Event, State, Terms
from core import clock
from core.db import db
from core.errors import DomainError, FormErrors, Invalid
from core.i18n import N_, _
from core.text import clean, fold, slugify
from messages.operations import send
from places.queries import is_current_commune

STAFF_ROLES = (Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
FIRST_TERMS = (
    7_000,
    2_000,
    1_000,
)  # what most cooperatives of the seed agreed on; they set their own at once

__all__ = [
    "add_producer",
    "approve_account",
    "end_standing",
    "propose_account",
    "set_standing",
    "set_webhook_key",
    "settle_accounts",
    "withdraw_account",
]  # re-exported; the verbs of this module are public by themselves


@dataclass(frozen=True)
class Document:
    """A stored paper. kind: registration, charter or other. file: private name of core.files."""

    kind: str
    file: str
    title: str


@dataclass(frozen=True)
class Application:
    """What an applicant says. key: of the form, so that a second tap is the same application."""

    key: str
    name: str
    registration_number: str
    registered_on: date
    registered_by: str
    legal_representative: str
    commune_id: int
    address_line: str
    phone: str
    bank_bin: str
    account_number: str
    holder: str
    zalo: str = ""
    email: str = ""
    story: str = ""
    craft_tradition: str = ""
    gs1_prefix: str = ""
    founded_year: int | None = None
    logo: str = ""
    documents: Sequence[Document] = ()
    is_demo: bool = False


def apply(actor: Actor, application: Application) -> Cooperative:
    """A signed-in person asks to sell as a cooperative. Raises FormErrors with all that is wrong.

    The same key again returns the first application, whatever it now says.
    """
    if actor.user_id is None:
        raise Invalid(N_("Đăng nhập rồi gửi hồ sơ."))
    query = select(Cooperative).where(Cooperative.application_key == application.key)
    if (before := db.session.execute(query).scalar_one_or_none()) is not None:
        return before
    facts = _checked(application)
    made = Cooperative(
        slug=_free_slug(application.name),
        application_key=application.key,
        applied_by_user_id=actor.user_id,
        applied_at=clock.now(),
        is_demo=application.is_demo,
        **facts,
    )
    db.session.add(made)
    db.session.flush()
    _store_papers(made.id, application.documents)
    account = BankAccount(
        cooperative_id=made.id,
        bank_bin=application.bank_bin,
        bank_name=bank(application.bank_bin).short,
        account_number=rules.check_account_number(application.account_number),
        holder=rules.holder_name(application.holder),
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
    )
    db.session.add(account)
    db.session.flush()
    audit(actor, "apply", f"cooperative:{made.id}")
    return made


def _store_papers(cooperative_id: int, documents: Sequence[Document]) -> None:
    for paper in documents:
        db.session.add(
            CooperativeDocument(
                cooperative_id=cooperative_id,
                kind=paper.kind,
                file=paper.file,
                title=clean(paper.title)[:120],
                added_at=clock.now(),
            )
        )


def _checked(application: Application) -> dict[str, object]:
    """The row's values, or FormErrors with every refusal at once."""
    errors: list[DomainError] = []

    def run(check: Callable[..., Any], *args: object) -> Any:
        try:
            return check(*args)
        except Invalid as error:
            errors.append(error)
            return None

    facts: dict[str, object] = {
        "registration_number": run(_free_number, application.registration_number),
        "gs1_prefix_declared": run(rules.gs1_prefix, application.gs1_prefix) or "",
        "phone": run(normalise_phone, application.phone),
        "zalo": run(_zalo, application.zalo) or "",
        "commune_id": run(_commune, application.commune_id),
    }
    run(bank, application.bank_bin)
    run(rules.check_account_number, application.account_number)
    run(rules.holder_name, application.holder)
    facts |= run(_texts, application) or {}
    if errors:
        raise FormErrors(errors)
    return facts


def _texts(application: Application) -> dict[str, object]:
    name = clean(application.name)
    if len(name) < 3:
        raise Invalid(N_("Viết tên hợp tác xã như trên giấy đăng ký."), field="name")
    if len(application.story) > rules.STORY_MAX:
        raise Invalid(
            N_("Lời kể dài quá %(most)s chữ."),
            remedy=N_("Rút ngắn lại."),
            field="story",
            most=rules.STORY_MAX,
        )
    today = clock.today()
    if application.registered_on > today:
        raise Invalid(N_("Ngày cấp chưa tới."), remedy=N_("Xem lại trên giấy."), field="registered_on")
    if application.founded_year is not None and not 1950 <= application.founded_year <= today.year:
        raise Invalid(N_("Năm thành lập phải từ 1950 đến nay."), field="founded_year")
    return {
        "name": name[:120],
        "name_folded": fold(name[:120]),
        "registered_on": application.registered_on,
        "registered_by": clean(application.registered_by)[:160],
        "legal_representative": clean(application.legal_representative)[:120],
        "address_line": clean(application.address_line)[:200],
        "email": clean(application.email)[:120],
        "story": clean(application.story, lines=True),
        "craft_tradition": clean(application.craft_tradition)[:60],
        "founded_year": application.founded_year,
        "logo": application.logo,
    }


def _free_number(typed: str) -> str:
    number = rules.check_registration_number(typed)
    query = select(Cooperative.id).where(
        Cooperative.registration_number == number, Cooperative.state != State.REFUSED
    )
    if db.session.execute(query).first():
        raise Invalid(
            N_("Số giấy đăng ký này đã có hồ sơ."),
            remedy=N_("Hỏi quản lý của hợp tác xã để được mời vào."),
            field="registration_number",
        )
    return number


def _zalo(typed: str) -> str:
    return normalise_phone(typed) if typed else ""


def _commune(commune_id: int) -> int:
    if not is_current_commune(commune_id):
        raise Invalid(
            N_("Xã này không còn trong danh sách."), remedy=N_("Chọn xã, phường đang có."), field="place"
        )
    return commune_id


def _free_slug(name: str) -> str:
    """'htx-huong-ngan', or with a number when it is taken."""
    base = slugify(clean(name), longest=60)
    taken = set(
        db.session.execute(select(Cooperative.slug).where(Cooperative.slug.startswith(base))).scalars()
    )
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _decide(actor: Actor, cooperative_id: int, event: Event) -> Cooperative:
    """Take an administrator's decision on a cooperative, once."""
    actor.must_be(Role.ADMINISTRATOR)
    found = queries.cooperative(cooperative_id)
    state = rules.next_state(found.state, event)
    if event is Event.APPROVE:
        found.organisation_id = create_organisation("cooperative", found.name, found.commune_id).id
    found.state, found.decided_at, found.decided_by_user_id = state, clock.now(), actor.user_id
    db.session.flush()
    audit(actor, event, f"cooperative:{found.id}", ("state",))
    return found


def approve(actor: Actor, cooperative_id: int) -> Cooperative:
    """Let a cooperative sell: it gets an organisation, its applicant as manager, its open account and first terms.

    Raises Conflict if it was decided before, Invalid if the administrator is the applicant.
    """
    if queries.cooperative(cooperative_id).applied_by_user_id == actor.user_id:
        raise Invalid(N_("Không tự duyệt hồ sơ của mình."), remedy=N_("Nhờ một quản trị khác duyệt."))
    found = _decide(actor, cooperative_id, Event.APPROVE)
    grant(actor, found.applied_by_user_id, Role.MANAGER, organisation_id=found.organisation_id)
    _open_first_account(actor, found.id)
    producers_bp, processing_bp, fund_bp = FIRST_TERMS
    _store_terms(actor, found.id, Terms(clock.today(), producers_bp, processing_bp, fund_bp))
    _tell(
        found, _("%(name)s đã được duyệt. Đăng nhập để đăng món hàng đầu tiên.", name=found.name), "approved"
    )
    return found


def _open_first_account(actor: Actor, cooperative_id: int) -> None:
    """The application's own account opens with the approval: applicant and administrator are its two persons."""
    for account in queries.accounts(cooperative_id):
        if account.state == AccountState.PROPOSED:
            account.state = AccountState.ACTIVE
            account.approved_by = actor.user_id
            account.approved_at = clock.now()
            account.effective_at = rules.effective_at(clock.now(), first=True)
    db.session.flush()


def refuse(actor: Actor, cooperative_id: int, reason: str) -> Cooperative:
    """Send an application back with a reason that the applicant reads."""
    words = clean(reason, lines=True)[:1000]
    if len(words) < 10:
        raise Invalid(N_("Viết rõ còn thiếu gì, để bà con biết mà bổ sung."), field="reason")
    found = _decide(actor, cooperative_id, Event.REFUSE)
    found.refusal = words
    # The number is free again for a corrected application.
    found.registration_number = f"{found.registration_number}#{found.id}"
    for account in queries.accounts(cooperative_id):
        account.state, account.retired_at = AccountState.RETIRED, clock.now()
    db.session.flush()
    _tell(
        found, _("Hồ sơ %(name)s chưa được duyệt. Mở hồ sơ để xem còn thiếu gì.", name=found.name), "refused"
    )
    return found


def suspend(actor: Actor, cooperative_id: int) -> Cooperative:
    """Take a cooperative's shop down; orders under way go on."""
    return _decide(actor, cooperative_id, Event.SUSPEND)


def restore(actor: Actor, cooperative_id: int) -> Cooperative:
    """Open a suspended shop again."""
    return _decide(actor, cooperative_id, Event.RESTORE)


def _tell(cooperative: Cooperative, text: str, what: str) -> None:
    send(
        user(cooperative.applied_by_user_id).phone,
        "application",
        text,
        f"cooperative:{cooperative.id}:{what}",
    )


def served(actor: Actor, *allowed: Role) -> Cooperative:
    """The cooperative an actor works for, in one of these roles. Raises NotAllowed or NotFound."""
    actor.must_be(*(allowed or (Role.MANAGER,)))
    return queries.of_organisation(actor.organisation_id)


def set_gs1_prefix(actor: Actor, cooperative_id: int, digits: str) -> Cooperative:
    """Let a cooperative's own numbers begin with a prefix that was registered (traceability.numbers). NotFound."""
    actor.must_be(Role.ADMINISTRATOR)
    found = queries.cooperative(cooperative_id)
    found.gs1_prefix = rules.gs1_prefix(digits)
    db.session.flush()
    audit(actor, "set gs1 prefix", f"cooperative:{found.id}", ("gs1_prefix",))
    return found


def update_profile(actor: Actor, *, story: str, craft_tradition: str, phone: str, zalo: str, email: str,
                   founded_year: int | None) -> Cooperative:  # fmt: skip
    """Change what the shop page says. Name, number and office of issue change only through the administrator."""
    found = served(actor)
    errors: list[DomainError] = []
    values: dict[str, object] = {"story": clean(story, lines=True), "craft_tradition": clean(craft_tradition)[:60],
                                 "email": clean(email)[:120], "founded_year": founded_year}  # fmt: skip
    for name, check, typed in (
        ("phone", normalise_phone, phone),
        ("zalo", _zalo, zalo),
    ):
        try:
            values[name] = check(typed)
        except Invalid as error:
            errors.append(Invalid(error.message, remedy=error.remedy, field=name, **error.params))
    if len(story) > rules.STORY_MAX:
        errors.append(
            Invalid(
                N_("Lời kể dài quá %(most)s chữ."),
                remedy=N_("Rút ngắn lại."),
                field="story",
                most=rules.STORY_MAX,
            )
        )
    if founded_year is not None and not 1950 <= founded_year <= clock.today().year:
        errors.append(Invalid(N_("Năm thành lập phải từ 1950 đến nay."), field="founded_year"))
    if errors:
        raise FormErrors(errors)
    for name, value in values.items():
        setattr(found, name, value)
    db.session.flush()
    audit(actor, "update profile", f"cooperative:{found.id}", tuple(sorted(values)))
    return found


def invite_staff(actor: Actor, phone: str, role: Role) -> str:
    """Offer a manager's, treasurer's or digital team member's role to a phone number; the link's token."""
    found = served(actor)
    if role not in STAFF_ROLES:
        raise Invalid(N_("Chọn một vai trò của hợp tác xã."), field="role")
    assert found.organisation_id is not None
    return invite(actor, phone, role, found.organisation_id)


def set_terms(actor: Actor, terms: Terms) -> SettlementTerms:
    """Put settlement terms in force from today or a later day. What was already shared stays as it was shared."""
    found = served(actor)
    rules.check_terms(terms, clock.today())
    return _store_terms(actor, found.id, terms)


def _store_terms(actor: Actor, cooperative_id: int, terms: Terms) -> SettlementTerms:
    """Always a new row: terms of a day that are corrected get a new revision of that day."""
    query = select(func.max(SettlementTerms.revision)).where(
        SettlementTerms.cooperative_id == cooperative_id, SettlementTerms.from_on == terms.from_on
    )
    made = SettlementTerms(
        cooperative_id=cooperative_id,
        from_on=terms.from_on,
        revision=(db.session.execute(query).scalar() or 0) + 1,
        producers_bp=terms.producers_bp,
        processing_bp=terms.processing_bp,
        fund_bp=terms.fund_bp,
        guaranteed_price=terms.guaranteed_price,
        recall_borne_by=terms.recall_borne_by,
        buying=terms.buying,
        member_agreement=terms.member_agreement,
        withholds_tax=terms.withholds_tax,
        advance_bp=terms.advance_bp,
        set_by_user_id=actor.user_id,
        set_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    for grade, factor in sorted(terms.grade_factors_bp.items()):
        db.session.add(TermsGrade(terms_id=made.id, grade=grade, factor_bp=factor))
    for number, clause in enumerate(terms.clauses, 1):
        db.session.add(TermsClause(terms_id=made.id, number=number, **vars(clause)))
    db.session.flush()
    audit(actor, "set terms", f"settlement_terms:{made.id}", ("producers", "processing", "fund", "grades"))
    return made
