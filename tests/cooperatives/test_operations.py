"""Applying, deciding, staff, terms."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from accounts.queries import grants, staff_of
from accounts.rules import Actor, Role
from cooperatives import operations, queries
from cooperatives.models import Cooperative, SettlementTerms
from cooperatives.public import all_sellers, seller, sellers
from cooperatives.rules import State, Terms
from core import clock
from core.db import db, transaction
from core.errors import Conflict, FormErrors, Invalid, NotAllowed, NotFound
from tests.factories.accounts import actor_for, create_user
from tests.factories.cooperatives import application, create_cooperative, manager_of, treasurer_of
from tests.queries import count_queries

TODAY = date(2026, 11, 22)


def applicant() -> Actor:
    """A signed-in person without a role."""
    return Actor(create_user("Nông Thị Hoan").id, Role.BUYER)


def test_a_second_tap_on_the_form_is_the_same_application(ctx: Flask) -> None:
    me, facts = applicant(), application()
    with transaction():
        first = operations.apply(me, facts).id
    with transaction():
        assert operations.apply(me, facts).id == first


def test_two_cooperatives_of_one_name_get_two_addresses(ctx: Flask) -> None:
    one, two = create_cooperative("HTX Hương Ngàn"), create_cooperative("HTX Hương Ngàn")
    assert (one.slug, two.slug) == ("htx-huong-ngan", "htx-huong-ngan-2")


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(ctx: Flask) -> None:
    me = applicant()
    wrong = replace(
        application(),
        registration_number="?",
        phone="123",
        account_number="1",
        bank_bin="000000",
        gs1_prefix="1",
    )
    with pytest.raises(FormErrors) as refused, transaction():
        operations.apply(me, wrong)
    fields = {error.field for error in refused.value.errors}
    assert fields == {"registration_number", "gs1_prefix", "phone", "bank_bin", "account_number"}
    assert db.session.execute(select(func.count()).select_from(Cooperative)).scalar_one() == 0


def test_a_registration_number_is_taken_once(ctx: Flask) -> None:
    held = create_cooperative()
    with pytest.raises(FormErrors), transaction():
        operations.apply(applicant(), application(registration_number=held.registration_number))


def test_approval_opens_organisation_account_terms_and_makes_the_applicant_manager(ctx: Flask) -> None:
    found = create_cooperative()
    assert (found.state, found.organisation_id is not None) == (State.APPROVED, True)
    account = queries.active_account(found.id)
    assert account is not None
    assert account.approved_by != account.proposed_by
    assert queries.terms_on(found.id, TODAY).producers_bp == 7_000
    assert [grant.role for grant in grants(found.applied_by_user_id)] == [Role.MANAGER]


def test_only_an_administrator_decides_and_only_once(ctx: Flask) -> None:
    waiting = create_cooperative(approved=False)
    with pytest.raises(NotAllowed), transaction():
        operations.approve(applicant(), waiting.id)
    administrator = actor_for(Role.ADMINISTRATOR)
    with transaction():
        operations.approve(administrator, waiting.id)
    with pytest.raises(Conflict), transaction():
        operations.refuse(administrator, waiting.id, "Thiếu giấy đăng ký bản rõ chữ.")


def test_nobody_approves_their_own_application(ctx: Flask) -> None:
    administrator = actor_for(Role.ADMINISTRATOR)
    with transaction():
        mine = operations.apply(administrator, application()).id
    with pytest.raises(Invalid), transaction():
        operations.approve(administrator, mine)


def test_a_refusal_needs_a_reason_and_frees_the_number_for_a_better_application(ctx: Flask) -> None:
    waiting, administrator = create_cooperative(approved=False), actor_for(Role.ADMINISTRATOR)
    number = waiting.registration_number
    with pytest.raises(Invalid), transaction():
        operations.refuse(administrator, waiting.id, "không")
    with transaction():
        operations.refuse(administrator, waiting.id, "Giấy đăng ký mờ, chụp lại cho rõ số.")
    assert queries.cooperative(waiting.id).refusal.startswith("Giấy đăng ký mờ")
    with transaction():
        again = operations.apply(applicant(), application(registration_number=number))
    assert again.state == State.APPLIED


def test_a_suspended_shop_is_not_found_until_it_is_restored(ctx: Flask) -> None:
    found, administrator = create_cooperative(), actor_for(Role.ADMINISTRATOR)
    with transaction():
        operations.suspend(administrator, found.id)
    with pytest.raises(NotFound):
        seller(found.slug)
    assert sellers({found.id})[found.id].name == found.name
    with transaction():
        operations.restore(administrator, found.id)
    assert seller(found.slug).name == found.name


def test_the_seller_shows_all_that_the_law_asks(ctx: Flask) -> None:
    shown = seller(create_cooperative().slug)
    for value in (shown.name, shown.registration_number, shown.registered_on, shown.registered_by, shown.address,
                  shown.legal_representative, shown.phone):  # fmt: skip
        assert value
    assert shown.address == "Thôn Chè Cọ, xã Côn Minh, Thái Nguyên"
    assert shown.terms is not None
    assert shown.terms.producers_bp + shown.terms.processing_bp + shown.terms.fund_bp == 10_000


def test_a_list_of_sellers_costs_one_query(app: Flask) -> None:
    with app.app_context():
        for number in range(4):
            create_cooperative(f"HTX số {number}")
    with count_queries(app) as seen, app.app_context():
        assert len(all_sellers()) == 4
    assert seen.count == 1


def test_a_manager_invites_staff_of_her_own_cooperative(ctx: Flask) -> None:
    found = create_cooperative()
    manager, treasurer = manager_of(found), treasurer_of(found)
    with transaction():
        assert operations.invite_staff(manager, "0912 345 678", Role.TREASURER)
    with pytest.raises(Invalid), transaction():
        operations.invite_staff(manager, "0912 345 678", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed), transaction():
        operations.invite_staff(treasurer, "0912 345 678", Role.MANAGER)
    assert {grant.role for grant, _user in staff_of(found.organisation_id or 0)} == {"manager", "treasurer"}


def test_a_profile_is_changed_by_its_manager_and_errors_stand_beside_their_fields(ctx: Flask) -> None:
    found = create_cooperative()
    manager = manager_of(found)
    facts = {
        "story": "Chuyện mới",
        "craft_tradition": "Tày",
        "phone": "0912345678",
        "zalo": "",
        "email": "",
    }
    with transaction():
        operations.update_profile(manager, **facts, founded_year=2012)
    assert seller(found.slug).story == "Chuyện mới"
    with pytest.raises(FormErrors) as refused, transaction():
        operations.update_profile(
            manager, **(facts | {"phone": "12", "zalo": "34", "story": "x" * 50_000}), founded_year=1200
        )
    assert {error.field for error in refused.value.errors} == {"phone", "zalo", "story", "founded_year"}


def test_new_terms_begin_on_their_day_and_leave_the_past_alone(ctx: Flask) -> None:
    found = create_cooperative()
    manager, later = manager_of(found), TODAY + timedelta(days=10)
    with transaction():
        operations.set_terms(manager, Terms(later, 6_000, 3_000, 1_000))
    assert queries.terms_on(found.id, later - timedelta(days=1)).producers_bp == 7_000
    assert queries.terms_on(found.id, later).producers_bp == 6_000


def test_corrected_terms_of_a_day_are_a_new_row_that_wins(ctx: Flask) -> None:
    found = create_cooperative()
    manager = manager_of(found)
    with transaction():
        first = queries.terms_on(found.id, TODAY).id
        operations.set_terms(manager, Terms(TODAY, 6_500, 2_500, 1_000))
    now = queries.terms_on(found.id, TODAY)
    assert (now.producers_bp, now.id != first) == (6_500, True)
    assert len(queries.terms_history(found.id)) == 1
    assert db.session.get(SettlementTerms, first) is not None


def test_terms_of_a_past_day_cannot_be_written_nor_a_stored_row_changed(ctx: Flask) -> None:
    found = create_cooperative()
    with pytest.raises(FormErrors), transaction():
        operations.set_terms(manager_of(found), Terms(TODAY - timedelta(days=1), 6_000, 3_000, 1_000))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("UPDATE settlement_terms SET producers_bp = 0, fund_bp = 8000"))


def test_before_the_first_terms_there_are_none(ctx: Flask) -> None:
    with pytest.raises(NotFound):
        queries.terms_on(create_cooperative().id, date(2020, 1, 1))


def test_staff_of_another_cooperative_find_nothing(ctx: Flask) -> None:
    with pytest.raises(NotFound):
        queries.of_organisation(None)
    with pytest.raises(NotAllowed), transaction():
        operations.set_terms(applicant(), Terms(clock.today(), 6_000, 3_000, 1_000))


def test_the_database_refuses_an_approved_cooperative_without_an_organisation(ctx: Flask) -> None:
    waiting = create_cooperative(approved=False)
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(Cooperative, waiting.id).state = State.APPROVED
        db.session.flush()
