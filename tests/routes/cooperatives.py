"""Who may open the pages of cooperatives, their accounts and their producers."""

from typing import Any

from accounts.queries import staff_of
from accounts.rules import Role
from cooperatives import queries
from tests.factories.cooperatives import create_producer
from tests.routes.row import SIGNED_IN, Row

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
MANAGER = frozenset({Role.MANAGER})
STAFF = frozenset({Role.MANAGER, Role.TREASURER})
PRODUCER_STAFF = STAFF | {Role.DIGITAL_TEAM}
RECRUITERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
BOTH = ("GET", "POST")


def _coop(world: Any) -> dict[str, int]:
    return {"cooperative_id": world.coop.id}


def _terms(cooperative: Any) -> dict[str, int]:
    return {"terms_id": queries.terms_history(cooperative.id)[0].id}


def _producer(world: Any) -> dict[str, int]:
    return {"producer_id": world.producer.id}


def _other_producer(world: Any) -> dict[str, int]:
    found = queries.producers(world.other_coop.id)
    return {"producer_id": found[0].id if found else create_producer(world.other_coop).id}


def _account(cooperative: Any) -> dict[str, int]:
    account = queries.active_account(cooperative.id)
    assert account is not None
    return {"account_id": account.id}


def _grant(cooperative: Any) -> dict[str, int]:
    return {"grant_id": staff_of(cooperative.organisation_id)[0][0].id}


ROWS = [
    Row("cooperatives.apply", SIGNED_IN, methods=BOTH),
    Row("cooperatives.application", SIGNED_IN, own=_coop, foreign=_coop, page=False),  # only the applicant's
    Row("cooperatives.queue", ADMINISTRATOR),
    Row("cooperatives.review", ADMINISTRATOR, own=_coop),
    Row("cooperatives.decide", ADMINISTRATOR, own=_coop, methods=("POST",), page=False),
    Row(
        "cooperatives.document",
        ADMINISTRATOR,
        own=lambda w: {"cooperative_id": w.coop.id, "document_id": 999_999},
        foreign=lambda w: {"cooperative_id": w.coop.id, "document_id": 999_999},
        page=False,
    ),
    Row("cooperatives.profile", STAFF, methods=BOTH),
    Row("cooperatives.terms", STAFF),
    Row("settlement.draft", MANAGER, methods=BOTH),
    Row("settlement.publish", MANAGER, methods=("POST",), page=False),
    Row("settlement.discard", MANAGER, methods=("POST",), page=False),
    Row("settlement.text", STAFF, own=lambda w: _terms(w.coop), foreign=lambda w: _terms(w.other_coop)),
    Row("settlement.mine", SIGNED_IN),
    Row(
        "settlement.my_terms",
        SIGNED_IN,
        own=lambda w: {"producer_id": w.mine.id},
        page=False,
        foreign=lambda w: {"producer_id": w.producer.id},
    ),
    Row("cooperatives.staff", MANAGER, methods=BOTH),
    Row(
        "cooperatives.end_staff",
        MANAGER,
        own=lambda w: _grant(w.coop),
        foreign=lambda w: _grant(w.other_coop),
        methods=("POST",),
        page=False,
    ),
    Row("bank.account", STAFF, methods=BOTH),
    Row(
        "bank.approve",
        STAFF,
        own=lambda w: _account(w.coop),
        foreign=lambda w: _account(w.other_coop),
        methods=("POST",),
        page=False,
    ),
    Row(
        "bank.withdraw",
        STAFF,
        own=lambda w: _account(w.coop),
        foreign=lambda w: _account(w.other_coop),
        methods=("POST",),
        page=False,
    ),
    Row(
        "bank.webhook",
        STAFF,
        own=lambda w: _account(w.coop),
        foreign=lambda w: _account(w.other_coop),
        methods=("POST",),
        page=False,
    ),
    Row("producers.listed", PRODUCER_STAFF),
    Row("producers.add", RECRUITERS, methods=BOTH),
    Row("producers.one", PRODUCER_STAFF, own=_producer, foreign=_other_producer),
    Row("producers.add_housemate", RECRUITERS, own=_producer, foreign=_other_producer, methods=BOTH),
    Row("producers.move", MANAGER, own=_producer, foreign=_other_producer, methods=BOTH),
    Row(
        "producers.change_standing",
        MANAGER,
        own=_producer,
        foreign=_other_producer,
        methods=("POST",),
        page=False,
    ),
    Row(
        "producers.consent",
        RECRUITERS,
        own=lambda w: _producer(w) | {"purpose": "contact"},
        foreign=lambda w: _other_producer(w) | {"purpose": "contact"},
        methods=("POST",),
        page=False,
    ),
    Row("producers.link", MANAGER, own=_producer, foreign=_other_producer, methods=("POST",), page=False),
    Row("producers.my_consents", SIGNED_IN, methods=BOTH),
]
