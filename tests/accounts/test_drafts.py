"""Half-filled forms: kept for their writer alone, sealed, and forgotten after a month."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from accounts.drafts import operations, queries
from accounts.drafts.models import FormDraft
from accounts.drafts.rules import DRAFTS_MAX, NEVER_KEPT, check_key, packed
from accounts.rules import Actor, Role
from accounts.tasks import forget_old_drafts
from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotFound
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import create_cooperative, manager_of

KEY = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def manager(ctx: Flask) -> Actor:
    return manager_of(create_cooperative())


def keep(actor: Actor, key: str = KEY, form: str = "product", **fields: str) -> None:
    with transaction():
        operations.keep_draft(actor, form, key, fields or {"name": "Miến dong"})


def test_what_was_typed_is_found_again_and_the_last_words_stand(manager: Actor) -> None:
    keep(manager, name="Miến", story="Bà con")
    keep(manager, name="Miến dong")
    assert queries.draft(manager, KEY).fields == {"name": "Miến dong"}
    assert [one.key for one in queries.drafts(manager)] == [KEY]


def test_the_database_holds_no_readable_word_of_it(manager: Actor) -> None:
    keep(manager, name="Bàn Thị Lềnh")
    sealed = db.session.query(FormDraft).one().fields
    assert "Lềnh".encode() not in sealed and b"name" not in sealed


def test_nobody_else_opens_it_and_the_writer_only_in_the_same_organisation(manager: Actor) -> None:
    keep(manager)
    colleague = actor_for(Role.MANAGER, manager.organisation_id)
    elsewhere = Actor(manager.user_id, Role.MANAGER, create_cooperative("HTX Khác").organisation_id)
    for other in (colleague, elsewhere):
        assert queries.drafts(other) == []
        with pytest.raises(NotFound):
            queries.draft(other, KEY)


def test_a_colleagues_draft_under_the_same_key_is_another_draft(manager: Actor) -> None:
    keep(manager, name="Của tôi")
    colleague = actor_for(Role.MANAGER, manager.organisation_id)
    keep(colleague, name="Của bạn")
    assert queries.draft(manager, KEY).fields == {"name": "Của tôi"}


def test_an_emptied_form_leaves_no_draft(manager: Actor) -> None:
    keep(manager)
    keep(manager, name="  ", story="")
    assert queries.drafts(manager) == []


def test_a_draft_that_was_sent_is_dropped_and_dropping_twice_is_harmless(manager: Actor) -> None:
    keep(manager)
    for _again in range(2):
        with transaction():
            operations.drop_draft(manager, KEY)
    assert queries.drafts(manager) == []


def test_the_oldest_give_way_when_there_are_many(manager: Actor) -> None:
    for n in range(DRAFTS_MAX + 2):
        with clock.use(NOW + timedelta(minutes=n)):
            keep(manager, f"draft-{n:04}", name=f"Món {n}")
    names = [one.fields["name"] for one in queries.drafts(manager)]
    assert len(names) == DRAFTS_MAX and names[0] == f"Món {DRAFTS_MAX + 1}" and "Món 0" not in names


def test_the_worker_forgets_them_after_thirty_days(manager: Actor) -> None:
    keep(manager)
    with clock.use(NOW + timedelta(days=29)):
        assert forget_old_drafts() == 0
    with clock.use(NOW + timedelta(days=30, seconds=1)):
        assert forget_old_drafts() == 1 and queries.drafts(manager) == []


@pytest.mark.parametrize("key", ["", "ngắn", "a" * 65, "../../etc"])
def test_a_key_that_no_phone_makes_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        check_key(key)


def test_an_unknown_form_and_too_much_text_are_refused(manager: Actor) -> None:
    with pytest.raises(Invalid):
        keep(manager, form="password", name="x")
    with pytest.raises(Invalid):
        keep(manager, story="x" * 50_000)


@given(st.dictionaries(st.sampled_from(sorted(NEVER_KEPT)), st.text(min_size=1)))
def test_secrets_are_never_kept(fields: dict[str, str]) -> None:
    assert packed(fields) == "{}"
