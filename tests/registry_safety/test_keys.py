"""Sealed text names its key; a new key seals everything anew, in turns; indexes find what they found."""

import base64
import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask

from app.keys import counts, current_name, keys, reseal
from app.sealed import SEALED, Sealed
from config import ConfigError, load
from core import crypto
from core.db import IMMUTABLE, Base, db, transaction
from core.resealing import resealing
from registry.models import Review
from registry.queries import answers_of
from tests.factories import needs, procedure, registry
from tests.world import World

SECOND = base64.b64encode(b"second-field-key-000000000000000").decode()


@pytest.fixture
def changed(app: Flask) -> Iterator[Flask]:
    """A way to change the key as an operator does: the old one opens, the indexes keep theirs."""
    first = app.config["FIELD_KEY"]

    def change(old: tuple[str, ...] = (first,)) -> None:
        app.config.update(FIELD_KEY=SECOND, FIELD_KEYS_OLD=old, INDEX_KEY=first)
        with app.app_context():
            crypto.forget_keys()

    app.extensions["change_key"] = change
    yield app
    app.config.update(FIELD_KEY=first, FIELD_KEYS_OLD=(), INDEX_KEY="")
    with app.app_context():
        crypto.forget_keys()
    del app.extensions["change_key"]


def test_every_encrypted_column_is_known_to_the_rotation() -> None:
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if (column.comment or "").startswith("encrypted") and isinstance(column.type, sa.LargeBinary)
    }
    assert sealed == {(one.table, one.column) for one in SEALED}


def test_everything_is_sealed_anew_and_opens_without_the_old_key(changed: Flask, world: World) -> None:
    with changed.app_context():
        db.session.execute(sa.text("SELECT 1"))
        before = sum(sum(counts(one).values()) for one in SEALED)
        assert before > 10 and any(counts(one) for one in SEALED if one.table in IMMUTABLE)
        said = answers_of(world.review)
        db.session.remove()
    changed.extensions["change_key"]()
    answer = changed.test_cli_runner().invoke(keys, ["rotate", "--turn", "3"])
    assert answer.exit_code == 0, answer.output
    assert f'"sealed_anew": {before}, "left": {{}}' in answer.output
    again = changed.test_cli_runner().invoke(keys, ["rotate"])
    assert '"sealed_anew": 0' in again.output
    changed.extensions["change_key"](())  # the old key is gone
    with changed.app_context():
        assert answers_of(db.session.get_one(Review, world.review.id)) == said


def test_a_turn_that_is_stopped_goes_on_where_it_was(changed: Flask) -> None:
    with changed.app_context():
        for _ in range(3):
            registry.submitted_review()
        changed.extensions["change_key"]()
        one = next(one for one in SEALED if one.table == "review")
        with transaction():
            assert reseal(one, 2) == 2
        assert counts(one)[current_name()] == 2
        with transaction():
            assert reseal(one, 2) == 1
        assert dict(counts(one)) == {current_name(): 3}


def test_text_from_before_keys_had_names_still_opens(changed: Flask) -> None:
    with changed.app_context():
        master = base64.b64decode(changed.config["FIELD_KEY"])
        nonce = b"n" * 12
        body = AESGCM(crypto._derive(master, "field:f")).encrypt(nonce, b"said", b"f|o")
        old = b"\x01" + nonce + body
        assert crypto.decrypt(old, field="f", owner="o") == "said"
        changed.extensions["change_key"]()
        assert crypto.decrypt(old, field="f", owner="o") == "said"
        with pytest.raises(InvalidTag):
            crypto.decrypt(old, field="f", owner="another")
        sealed = crypto.encrypt("said", field="f", owner="o")
        assert sealed.startswith(crypto.current_mark())
        with pytest.raises(ValueError, match="FIELD_KEYS_OLD"):
            crypto.decrypt(sealed[:1] + b"none" + sealed[5:], field="f", owner="o")


def test_an_index_finds_the_same_after_the_key_changed(changed: Flask) -> None:
    with changed.app_context():
        before = crypto.keyed_hash("019084000123", purpose="identity_number")
        assert before != crypto.keyed_hash("019084000123", purpose="phone")
        changed.extensions["change_key"]()
        assert crypto.keyed_hash("019084000123", purpose="identity_number") == before


def test_keys_are_not_changed_without_keeping_the_key_of_indexes() -> None:
    with pytest.raises(ConfigError, match="INDEX_KEY"):
        load({"APP_MODE": "test", "FIELD_KEYS_OLD": SECOND})
    held = load({"APP_MODE": "test", "FIELD_KEYS_OLD": SECOND, "INDEX_KEY": SECOND})
    assert held.field_keys_old == (SECOND,)


def test_words_said_before_the_change_are_read_after_it(changed: Flask) -> None:
    with changed.app_context():
        made = needs.said_need(note="Xa nguồn nước")
        changed.extensions["change_key"]()
        from registry.needs.queries import note_of

        assert note_of(made) == "Xa nguồn nước"


def _sealed(table: str, column: str) -> Sealed:
    return next(one for one in SEALED if (one.table, one.column) == (table, column))


def _rows_seal_anew_and_nothing_else_changes(app: Flask) -> None:
    with app.app_context():
        procedure.recognised()
        minutes, note = _sealed("village_meeting", "minutes"), _sealed("case_step", "note")
        held, guards = (
            db.session.execute(sa.text("SELECT * FROM village_meeting")).mappings().one(),
            _guards(),
        )
        steps = sum(counts(note).values())
        db.session.remove()
        app.extensions["change_key"]()
        with transaction():
            assert reseal(minutes, 5) == 1 and reseal(note, 1) == 1 and steps > 1
        with pytest.raises(RuntimeError, match="stopped"), transaction():
            assert reseal(note, 1) == 1
            raise RuntimeError("stopped in the middle")
        assert counts(note)[current_name()] == 1 and _guards() == guards
        with transaction():
            assert (reseal(note, 100), reseal(minutes, 5)) == (steps - 1, 0)
        app.extensions["change_key"](())  # the old key is destroyed
        again = db.session.execute(sa.text("SELECT * FROM village_meeting")).mappings().one()
        assert {name for name in held if held[name] != again[name]} == {"minutes"}
        opened = crypto.decrypt(bytes(again["minutes"]), field=minutes.field, owner=again["key"])
        assert json.loads(opened) == "Bà con nghe và nói." and _guards() == guards
        refused_all_the_same()


def refused_all_the_same() -> None:
    """What a row's guard refuses while its sealed column is sealed anew, and afterwards."""
    mark, columns = crypto.current_mark(), Base.metadata.tables["village_meeting"].columns.keys()
    older = b"\x02old!" + b"x" * 40
    for wrong in (
        "UPDATE village_meeting SET minutes = :new, present_count = 0",
        "UPDATE village_meeting SET present_count = 0",
        "UPDATE village_meeting SET minutes = :older",  # not under the key in force
        "UPDATE village_meeting SET minutes = :new",  # it is sealed under it already
        "UPDATE village_meeting SET led_by = ''",  # what may be emptied otherwise waits
        "DELETE FROM village_meeting",
    ):
        values = {
            name: one for name, one in (("new", mark + b"y" * 40), ("older", older)) if f":{name}" in wrong
        }
        with pytest.raises(sa.exc.DatabaseError, match="immutable"), transaction():
            with resealing(db.session.connection(), "village_meeting", columns, "minutes", mark):
                db.session.execute(sa.text(wrong), values)
    with pytest.raises(sa.exc.DatabaseError, match="immutable"), transaction():
        db.session.execute(sa.text("UPDATE village_meeting SET minutes = :new"), {"new": mark + b"y" * 40})
    db.session.remove()


def _guards() -> list[str]:
    """Every trigger and every function of ours, word for word."""
    if db.engine.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
    else:
        query = (
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL "
            "SELECT proname FROM pg_proc WHERE proname LIKE 'refuse%' ORDER BY 1"
        )
    return [str(one) for one in db.session.execute(sa.text(query)).scalars()]


def test_rows_that_never_change_are_sealed_anew_and_nothing_else_of_them(changed: Flask) -> None:
    _rows_seal_anew_and_nothing_else_changes(changed)


@pytest.mark.postgres
def test_rows_that_never_change_are_sealed_anew_on_postgresql(pg_app: Flask, changed: Flask) -> None:
    _rows_seal_anew_and_nothing_else_changes(changed)
