"""The floor on a real database: transactions, audit chains, keys, attempts, files, encryption, background work."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from flask import Flask

from core import audit, clock, files, once
from core.crypto import decrypt, encrypt, keyed_hash
from core.db import UtcDateTime, db, transaction
from core.errors import Conflict, TooMany
from core.work import claim, give_back, settle, sweep
from messages.models import Message
from messages.operations import send
from messages.tasks import send_pending
from tests.conftest import NOW


def test_a_refused_verb_leaves_nothing_behind(ctx: Flask) -> None:
    with pytest.raises(RuntimeError, match="stop"), transaction():
        once.remember("t", "k", {}, "1")
        raise RuntimeError("stop")
    assert once.done_before("t", "k", {}) is None


def test_an_inner_transaction_joins_the_outer(ctx: Flask) -> None:
    with pytest.raises(RuntimeError, match="stop"), transaction():
        with transaction():
            once.remember("t", "k", {}, "1")
        raise RuntimeError("stop")
    assert once.done_before("t", "k", {}) is None


def test_changes_made_outside_a_transaction_are_not_lost_silently(ctx: Flask) -> None:
    db.session.add(once.Counter(name="x", value=1))
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass
    db.session.rollback()


def test_an_instant_needs_its_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), sa.create_engine("sqlite://").dialect)  # noqa: DTZ001


def test_the_same_key_gives_the_same_answer_and_another_body_a_conflict(ctx: Flask) -> None:
    with transaction():
        once.remember("order", "k1", {"a": 1}, "17")
    assert once.done_before("order", "k1", {"a": 1}) == "17"
    assert once.done_before("other", "k1", {"a": 1}) is None
    with pytest.raises(Conflict):
        once.done_before("order", "k1", {"a": 2})


def test_numbers_follow_one_another_without_a_gap(ctx: Flask) -> None:
    with transaction():
        first = [once.next_number("slip") for _ in range(3)]
    with pytest.raises(RuntimeError), transaction():
        once.next_number("slip")
        raise RuntimeError
    with transaction():
        assert [*first, once.next_number("slip")] == [1, 2, 3, 4]


def test_attempts_are_counted_by_a_keyed_hash_and_forgotten_in_time(ctx: Flask) -> None:
    for _ in range(3):
        with transaction():
            once.allow_attempt("try", "0912345678", most=3, within=timedelta(minutes=5))
    with pytest.raises(TooMany), transaction():
        once.allow_attempt("try", "0912345678", most=3, within=timedelta(minutes=5))
    assert db.session.query(once.Attempt).filter(once.Attempt.subject.contains("0912")).count() == 0
    with clock.use(NOW + timedelta(minutes=6)), transaction():
        once.allow_attempt("try", "0912345678", most=3, within=timedelta(minutes=5))


def test_an_edited_audit_line_is_found(ctx: Flask) -> None:
    for verb in ("one", "two", "three"):
        with transaction():
            audit.record(verb, "thing:1", chain="c", user_id=7, role="manager")
    assert audit.verify("c") is None
    with db.engine.connect() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_line_no_update")
        connection.exec_driver_sql("UPDATE audit_line SET subject = 'thing:2' WHERE verb = 'two'")
        connection.commit()
    db.session.rollback()  # the session's own read transaction still sees yesterday
    assert audit.verify("c") == 2


def test_an_encrypted_field_opens_only_in_its_own_place(ctx: Flask) -> None:
    sealed = encrypt("bí mật", field="a.b", owner="a:1")
    assert "bí mật".encode() not in sealed
    assert decrypt(sealed, field="a.b", owner="a:1") == "bí mật"
    for field, owner in (("a.c", "a:1"), ("a.b", "a:2")):
        with pytest.raises(InvalidTag):
            decrypt(sealed, field=field, owner=owner)
    assert keyed_hash("x", purpose="p") != keyed_hash("x", purpose="q")


def test_files_are_named_by_content_and_do_not_leave_the_store(ctx: Flask) -> None:
    name = files.put(b"abc", ".txt")
    assert files.put(b"abc", ".txt") == name and files.read(name) == b"abc"
    for outside in ("../x", "/etc/passwd", "x/../../config.py", "missing"):
        with pytest.raises(FileNotFoundError):
            files.path(outside)


def _waiting(key: str = "m1") -> None:
    with transaction():
        send("+84912345678", "test", "xin chào", key)


def test_a_message_goes_once_however_often_its_cause_comes(ctx: Flask) -> None:
    _waiting()
    _waiting()
    assert send_pending() == 1
    assert send_pending() == 0
    assert [row[0] for row in ctx.extensions.pop("sent_messages")] == ["m1"]


def test_a_lapsed_lease_is_taken_up_again_and_its_old_owner_cannot_settle(ctx: Flask) -> None:
    _waiting()
    row_id = claim(Message, lease_s=-1)
    assert row_id is not None
    again = claim(Message, lease_s=60)
    assert again == row_id
    assert claim(Message) is None
    with transaction():
        db.session.execute(sa.update(Message).values(work_owner="somebody else"))
    with transaction():
        assert not settle(Message, row_id, sent_at=clock.now())


def test_a_failure_is_tried_again_later_and_given_up_after_eight(ctx: Flask) -> None:
    _waiting()

    def fail(_row_id: int) -> None:
        raise OSError("no line")

    at = NOW
    for _ in range(8):
        with clock.use(at):
            assert sweep(Message, fail) == 1
            assert sweep(Message, fail) == 0
        at += timedelta(days=1)
    message = db.session.query(Message).one()
    assert (message.work_state, message.work_attempts, message.work_error) == ("dead", 8, "OSError")


def test_giving_back_what_is_not_mine_changes_nothing(ctx: Flask) -> None:
    _waiting()
    give_back(Message, 1, OSError())
    assert db.session.query(Message).one().work_state == "pending"


def test_a_stored_instant_comes_back_aware(ctx: Flask) -> None:
    _waiting()
    assert db.session.query(Message).one().written_at == NOW.astimezone(UTC)
