"""A bank account changes only with a second person and a 48-hour hold."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from accounts.rules import Role
from cooperatives import operations, queries
from cooperatives.models import BankAccount, Cooperative
from cooperatives.rules import AccountState
from cooperatives.tasks import settle
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import create_cooperative, manager_of, treasurer_of

NEW = ("970436", "1903 0000 0011", "HTX Thử Nghiệm")


def number_at(cooperative: Cooperative, hours: int) -> str:
    """The account number to which money goes some hours from now."""
    account = queries.active_account(cooperative.id, NOW + timedelta(hours=hours))
    assert account is not None
    return account.account_number


def test_money_goes_to_the_new_account_48_hours_after_a_second_person_approved(ctx: Flask) -> None:
    found = create_cooperative()
    manager, treasurer, old = manager_of(found), treasurer_of(found), number_at(found, 0)
    with transaction():
        change = operations.propose_account(manager, *NEW).id
    assert number_at(found, 1_000) == old
    with transaction():
        operations.approve_account(treasurer, change)
    assert [number_at(found, hours) for hours in (0, 47, 48)] == [old, old, "190300000011"]


def test_the_proposer_is_not_the_second_person(ctx: Flask) -> None:
    manager = manager_of(create_cooperative())
    with transaction():
        change = operations.propose_account(manager, *NEW).id
    with pytest.raises(Invalid), transaction():
        operations.approve_account(manager, change)
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(BankAccount, change).approved_by = manager.user_id
        db.session.flush()


def test_one_change_at_a_time(ctx: Flask) -> None:
    found = create_cooperative()
    with transaction():
        operations.propose_account(manager_of(found), *NEW)
    with pytest.raises(Conflict), transaction():
        operations.propose_account(treasurer_of(found), *NEW)


def test_any_one_person_stops_a_change_before_it_takes_effect(ctx: Flask) -> None:
    found = create_cooperative()
    manager, treasurer, old = manager_of(found), treasurer_of(found), number_at(found, 0)
    with transaction():
        change = operations.propose_account(manager, *NEW).id
    with transaction():
        operations.approve_account(treasurer, change)
    with transaction():
        operations.withdraw_account(manager, change)
    assert number_at(found, 1_000) == old
    with pytest.raises(Conflict), transaction():
        operations.approve_account(treasurer, change)


def test_the_worker_writes_down_what_time_has_decided(ctx: Flask) -> None:
    found = create_cooperative()
    with transaction():
        change = operations.propose_account(manager_of(found), *NEW).id
    with transaction():
        operations.approve_account(treasurer_of(found), change)
    assert settle() == 0
    with clock.use(NOW + timedelta(hours=49)):
        assert settle() == 1
        assert settle() == 0
        states = [account.state for account in queries.accounts(found.id)]
    assert states == [AccountState.ACTIVE, AccountState.RETIRED]


def test_a_third_account_can_follow_though_the_worker_slept(ctx: Flask) -> None:
    found = create_cooperative()
    manager, treasurer = manager_of(found), treasurer_of(found)
    with transaction():
        change = operations.propose_account(manager, *NEW).id
    with transaction():
        operations.approve_account(treasurer, change)
    with clock.use(NOW + timedelta(hours=49)), transaction():
        third = operations.propose_account(manager, "970405", "8500 1111 2222", "HTX Thử Nghiệm")
        assert third.state == AccountState.PROPOSED


def test_a_stranger_finds_no_account_and_a_digital_team_member_may_not(ctx: Flask) -> None:
    found, other = create_cooperative(), create_cooperative("HTX Khác")
    with transaction():
        change = operations.propose_account(manager_of(found), *NEW).id
    with pytest.raises(NotFound), transaction():
        operations.approve_account(manager_of(other), change)
    with pytest.raises(NotAllowed), transaction():
        operations.propose_account(actor_for(Role.DIGITAL_TEAM, found.organisation_id), *NEW)


def test_an_administrator_may_be_the_second_person_of_a_small_cooperative(ctx: Flask) -> None:
    found = create_cooperative()
    with transaction():
        change = operations.propose_account(manager_of(found), *NEW).id
    with transaction():
        assert operations.approve_account(actor_for(Role.ADMINISTRATOR), change).state == AccountState.WAITING


def test_a_feed_key_is_kept_as_a_hash_only(ctx: Flask) -> None:
    found = create_cooperative()
    account = queries.active_account(found.id)
    assert account is not None
    manager = manager_of(found)
    with pytest.raises(Invalid), transaction():
        operations.set_webhook_key(manager, account.id, "short")
    with transaction():
        operations.set_webhook_key(manager, account.id, "a-long-enough-key-1")
    kept = queries.active_account(found.id)
    assert kept is not None
    assert kept.webhook_key_hash
    assert "a-long-enough" not in kept.webhook_key_hash
