"""Codes, grants, invitations and the second step, on a real database."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from accounts import operations, queries
from accounts.models import Organisation, User
from accounts.passwords import hash_password, verify_password
from accounts.rules import SYSTEM, Actor, Role
from core import audit, clock
from core.db import db, transaction
from core.errors import Conflict, DomainError, Invalid, NotAllowed, TooMany
from messages.models import Message
from tests.conftest import NOW
from tests.factories.accounts import actor_for, create_user
from tests.factories.places import commune

PHONE = "0912 345 678"


def the_code() -> str:
    body = db.session.query(Message).order_by(Message.id.desc()).first()
    assert body is not None
    return body.body.split("là ")[1][:6]


def send() -> str:
    with transaction():
        operations.send_code(PHONE, "password")
    return the_code()


def fits(code: str) -> bool:
    with transaction():
        return operations.code_fits(PHONE, "password", code)


def test_a_code_is_good_once(ctx: Flask) -> None:
    code = send()
    assert fits(code)
    assert not fits(code)


def test_a_code_dies_after_five_minutes(ctx: Flask) -> None:
    code = send()
    with clock.use(NOW + timedelta(minutes=5, seconds=1)):
        assert not fits(code)


def test_a_code_dies_after_five_wrong_tries(ctx: Flask) -> None:
    code = send()
    wrong = "000000" if code != "000000" else "111111"
    assert [fits(wrong) for _ in range(5)] == [False] * 5
    assert not fits(code)


def test_only_the_newest_code_counts(ctx: Flask) -> None:
    first = send()
    with clock.use(NOW + timedelta(seconds=5)):
        second = send()
        assert first == second or not fits(first)
        assert fits(second)


def test_the_sixth_code_in_an_hour_is_refused(ctx: Flask) -> None:
    for _ in range(5):
        send()
    with pytest.raises(TooMany):
        send()


def test_one_number_is_one_person(ctx: Flask) -> None:
    with transaction():
        operations.create_user(PHONE, "Nông Văn A")
    with pytest.raises(Conflict), transaction():
        operations.create_user("+84912345678", "Nông Văn B")


def test_a_password_is_kept_only_as_a_hash(ctx: Flask) -> None:
    stored = hash_password("chè miến rừng")
    assert stored.startswith("$argon2id$") and "chè" not in stored
    assert verify_password(stored, "chè miến rừng")
    assert not verify_password(stored, "chè miến")
    assert not verify_password(None, "chè miến rừng")


def test_a_new_password_ends_every_session(ctx: Flask) -> None:
    person = create_user()
    before, person_id = person.session_key, person.id
    with transaction():
        operations.set_password(SYSTEM, person_id, "ba từ dễ nhớ", "hash")
    assert queries.user_by_session(before) is None


def test_a_manager_invites_staff_of_her_own_cooperative_only(ctx: Flask) -> None:
    with transaction():
        ours = operations.create_organisation("cooperative", "HTX A")
        theirs = operations.create_organisation("cooperative", "HTX B")
        ours_id, theirs_id = ours.id, theirs.id
    manager = actor_for(Role.MANAGER, ours_id)
    with transaction():
        token = operations.invite(manager, PHONE, Role.TREASURER, ours_id)
        person_id = operations.accept_invitation(token, "Hoàng Thị C", "hash").id
    assert [grant.role for grant in queries.grants(person_id)] == ["treasurer"]
    with pytest.raises(NotAllowed), transaction():
        operations.invite(manager, PHONE, Role.TREASURER, theirs_id)
    with pytest.raises(NotAllowed), transaction():
        operations.invite(manager, PHONE, Role.COMMUNE_OFFICER, ours_id)
    with pytest.raises(DomainError), transaction():
        operations.accept_invitation(token, "Again", "hash")


def test_an_ended_grant_opens_nothing(ctx: Flask) -> None:
    with transaction():
        ours_id = operations.create_organisation("cooperative", "HTX A").id
    manager, second = actor_for(Role.MANAGER, ours_id), actor_for(Role.TREASURER, ours_id)
    with transaction():
        operations.end_grant(manager, second.grant_id or 0)
    assert queries.grants(second.user_id or 0) == []
    with pytest.raises(NotAllowed), transaction():
        operations.end_grant(manager, manager.grant_id or 0)


def test_a_totp_code_is_good_once_and_one_step_late(ctx: Flask) -> None:
    person_id = create_user().id
    with transaction():
        secret = operations.start_totp(person_id)
    code = pyotp.TOTP(secret).at(NOW)
    with transaction():
        assert operations.totp_fits(person_id, code)
        assert not operations.totp_fits(person_id, code)
    assert secret.encode() not in (db.session.get_one(User, person_id).totp_secret or b"")
    late = pyotp.TOTP(secret).at(NOW + timedelta(seconds=30))
    with clock.use(NOW + timedelta(seconds=60)), transaction():
        assert operations.totp_fits(person_id, late)
    with clock.use(NOW + timedelta(seconds=300)), transaction():
        assert not operations.totp_fits(person_id, pyotp.TOTP(secret).at(NOW + timedelta(seconds=120)))


def test_helping_in_person_leaves_an_audit_line_without_values(ctx: Flask) -> None:
    person = create_user()
    phone = person.phone
    with transaction():
        organisation_id = operations.create_organisation("cooperative", "HTX A").id
    manager = actor_for(Role.MANAGER, organisation_id)
    with transaction():
        code = operations.reset_in_person(manager, phone, "cùng thôn")
    line = db.session.query(audit.AuditLine).filter_by(verb="reset in person").one()
    assert (line.user_id, line.role, line.fields) == (manager.user_id, "manager", "password")
    assert phone not in repr(vars(line)) and code not in repr(vars(line))
    assert audit.verify(manager.chain) is None


def test_a_manager_cannot_reset_an_officer(ctx: Flask) -> None:
    officer = actor_for(Role.COMMUNE_OFFICER)
    phone = queries.user(officer.user_id or 0).phone
    with transaction():
        organisation_id = operations.create_organisation("cooperative", "HTX A").id
    manager = actor_for(Role.MANAGER, organisation_id)
    with pytest.raises(NotAllowed), transaction():
        operations.reset_in_person(manager, phone, "quen")


def test_an_administrator_offers_an_office_and_the_place_comes_with_it(ctx: Flask) -> None:
    administrator, unit_id = actor_for(Role.ADMINISTRATOR), commune().id
    with transaction():
        token = operations.invite_officer(administrator, PHONE, Role.VILLAGE_HEAD, unit_id, "Thôn Chè Cọ")
        person_id = operations.accept_invitation(token, "Ma Văn Thôn", "hash").id
    held = queries.grants(person_id)[0]
    assert (held.role, held.unit_id, held.village) == ("village_head", unit_id, "Thôn Chè Cọ")
    with transaction():
        operations.invite_officer(administrator, "0987654321", Role.COMMUNE_OFFICER, unit_id, "")
    assert db.session.query(Organisation).filter_by(kind="commune_office").count() == 1
    with pytest.raises(Invalid), transaction():
        operations.invite_officer(administrator, PHONE, Role.VILLAGE_HEAD, unit_id, " ")
    with pytest.raises(Invalid), transaction():
        operations.invite_officer(administrator, PHONE, Role.COMMUNE_OFFICER, None, "")
    with pytest.raises(NotAllowed), transaction():
        operations.invite_officer(actor_for_manager(), PHONE, Role.COMMUNE_OFFICER, unit_id, "")


def actor_for_manager() -> Actor:
    return Actor(user_id=1, role=Role.MANAGER, organisation_id=1)
