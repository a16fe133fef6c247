"""A collector's transfer told by the bank: it confirms the remittance, once, whoever was first."""

import secrets

import pytest
from flask import Flask

from core import clock
from core.db import transaction
from payments.models import Transfer
from payments.operations import enter_transfer
from payments.rules import TransferState
from revenue.collector.models import Remittance
from revenue.collector.operations import confirm, open_collector
from tests.factories.cooperatives import create_cooperative, treasurer_of
from tests.rails.scene import all_is_well, in_book
from tests.rails.sending import sent


@pytest.fixture
def way(ctx: Flask) -> tuple[Remittance, object, int]:
    """A remittance on its way, its cooperative, and the account it goes to."""
    from cooperatives.queries import accounts

    with transaction():
        collector_id = open_collector("Bên thu hộ").id
    coop = create_cooperative()
    return sent(collector_id, coop), coop, accounts(coop.id)[0].id


def _told(coop: object, account_id: int, amount_vnd: int, content: str) -> Transfer:
    with transaction():
        return enter_transfer(treasurer_of(coop), secrets.token_urlsafe(12), account_id, amount_vnd, content,
                              clock.now(), secrets.token_hex(6))  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize("by_hand_first", [True, False])
def test_the_banks_word_and_a_persons_count_once(
    way: tuple[Remittance, object, int], by_hand_first: bool
) -> None:
    found, coop, account_id = way
    if by_hand_first:
        with transaction():
            confirm(treasurer_of(coop), found.id)  # type: ignore[arg-type]
    made = _told(coop, account_id, found.amount_vnd, f"MBVCB {found.number.replace('-', '')} THU HO")
    assert made.state == TransferState.REMITTED
    with transaction():
        confirm(treasurer_of(coop), found.id)  # type: ignore[arg-type]
    book = in_book(coop.organisation_id)  # type: ignore[attr-defined]
    assert book["bank"] == found.amount_vnd
    assert "remittance_coming" not in book
    assert "suspense" not in book
    all_is_well()


def test_another_sum_or_the_same_number_again_is_no_remittance(way: tuple[Remittance, object, int]) -> None:
    found, coop, account_id = way
    assert _told(coop, account_id, found.amount_vnd - 1, found.number).state == TransferState.SUSPENSE
    assert _told(coop, account_id, found.amount_vnd, found.number).state == TransferState.REMITTED
    assert _told(coop, account_id, found.amount_vnd, found.number).state == TransferState.SUSPENSE
    all_is_well()
