"""A breach has 72 hours; administrators hear when a day is left and when it is late. What stayed long enough goes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotAllowed
from messages.models import Message
from registry import operations as declaring
from registry.procedure.models import Objection
from registry.safety import operations, queries
from registry.safety.models import Breach
from registry.safety.operations import Noticed
from registry.safety.rules import Standing, kept_for
from tests.conftest import NOW
from tests.factories import procedure, registry
from tests.factories.accounts import actor_for, sign_in

WHAT = "Máy tính của xã bị mất, có danh sách hộ."


def recorded(me=None):  # type: ignore[no-untyped-def]
    me = me or actor_for(Role.ADMINISTRATOR)
    with transaction():
        return me, operations.record_breach(me, Noticed("breach-key-1", NOW, WHAT, 12))


def test_a_breach_lies_sealed_and_its_clock_runs(ctx: Flask) -> None:
    me, one = recorded()
    assert WHAT.encode() not in bytes(one.what)
    with transaction():  # sent twice is one
        assert operations.record_breach(me, Noticed("breach-key-1", NOW, WHAT)).id == one.id
    assert queries.breaches()[0].standing == Standing.RUNNING
    with clock.use(NOW + timedelta(hours=73)):
        assert queries.breaches()[0].standing == Standing.LATE
    with clock.use(NOW + timedelta(hours=70)), transaction():
        operations.tell(me, one.key, "A05; 12 hộ qua điện thoại")
    assert queries.breaches()[0].standing == Standing.NOTIFIED


def test_administrators_are_reminded_once_a_stage(ctx: Flask) -> None:
    recorded()
    counts = []
    for hours in (1, 50, 51, 80, 90):
        with clock.use(NOW + timedelta(hours=hours)), transaction():
            operations.remind_of_breaches()
        counts.append(db.session.execute(sa.select(sa.func.count()).where(Message.kind == "breach")).scalar())
    assert counts == [0, 1, 1, 2, 2]


def test_only_administrators_keep_it_and_nothing_is_dated_ahead(ctx: Flask) -> None:
    with pytest.raises(NotAllowed):
        recorded(actor_for(Role.COMMUNE_OFFICER))
    with pytest.raises(Invalid), transaction():
        operations.record_breach(
            actor_for(Role.ADMINISTRATOR), Noticed("breach-key-2", NOW + timedelta(hours=1), WHAT)
        )


def test_its_pages_take_it_from_noticed_to_told(client: FlaskClient) -> None:
    app = client.application
    with app.app_context():
        me = actor_for(Role.ADMINISTRATOR)
    sign_in(client, me)
    app.config["WTF_CSRF_ENABLED"] = False
    sent = {"key": "breach-key-3", "noticed_at": "2026-11-18T08:00", "what": WHAT, "affected": "12"}
    assert client.post("/registry/breaches", data=sent).status_code == 302
    assert "đã quá 72 giờ" in client.get("/registry/breaches").text
    path = "/registry/breaches/breach-key-3"
    assert client.post(path, data={"m-measures": "Đổi mật khẩu", "m-affected": "20"}).status_code == 302
    assert client.post(path, data={"t-whom": ""}).status_code == 422
    assert client.post(path, data={"t-whom": "A05"}).status_code == 302
    page = client.get(path).text
    app.config["WTF_CSRF_ENABLED"] = True
    assert "Đổi mật khẩu" in page and "Đã báo, quá 72 giờ" in page
    with app.app_context():
        assert db.session.execute(sa.select(Breach.affected_count)).scalar() == 20


def test_drafts_and_contacts_go_when_they_stayed_long_enough(ctx: Flask) -> None:
    family, _home = registry.resident()
    with transaction():
        key = declaring.start(family).key
    who, case, _wall = procedure.posted()
    procedure.objected(who, case)
    with transaction():
        one = db.session.execute(sa.select(Objection)).scalar_one()
        one.state, one.decided_at = "refused", NOW
    with clock.use(NOW + kept_for("contact", NOW.date()) - timedelta(days=1)), transaction():
        assert operations.forget_old() == 0
    with clock.use(NOW + kept_for("draft", NOW.date()) + timedelta(days=1)), transaction():
        assert operations.forget_old() == 2
    review = declaring.queries.review_by_key(key)
    db.session.refresh(review)
    assert (review.state, review.answers) == ("withdrawn", None)
    db.session.refresh(one)
    assert one.contact is None and one.said
