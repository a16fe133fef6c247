"""The privacy walk: a family of a cooperative's producers is recognised as poor, and nobody outside can tell.

Every page, feed, API and file of the URL map that a stranger, a buyer, a manager of the family's own cooperative or
another producer may open is read twice, from the same database without and with everything that the registry then
holds: a declaration, needs, a consent, a case with its meeting and its list on the wall, a recognition. Not a byte
may differ. The clock stands still, chance is drawn from the same source, and tokens of forms are left out.
"""

import hashlib
import re
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from flask import Flask

from accounts.rules import Actor, Role
from app.worker import run_once
from core import clock
from core.db import db, transaction
from households.queries import household_of_person
from registry import operations as declaring
from registry.models import Review
from registry.procedure import hearings, operations
from registry.procedure.hearings import Vote
from registry.procedure.models import ReviewCase
from registry.procedure.rules import Origin
from tests.access.test_matrix import ROWS, address, allowed, client_of
from tests.conftest import NOW
from tests.factories import needs, procedure, registry
from tests.factories.accounts import actor_for
from tests.world import World

WALKERS = (None, Role.BUYER, Role.MANAGER, Role.PRODUCER)
TOKEN = re.compile(
    rb"I[\w-]{50,60}\.[\w-]{6}\.[\w-]{27}"
)  # of a form, signed with the time by its library's own clock
Answer = tuple[int, str, str]
Walk = dict[tuple[str, str], Answer]


@pytest.fixture(autouse=True)
def _without_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@contextmanager
def same_chance(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Random tokens come from a counter that begins anew."""
    numbers = count()

    def draw(size: int | None = None) -> bytes:
        seed = hashlib.sha512(str(next(numbers)).encode()).digest()
        return (seed * 4)[: size or 32]

    with monkeypatch.context() as patch:
        patch.setattr(secrets, "token_bytes", draw)
        patch.setattr(secrets, "token_hex", lambda size=None: draw(size).hex())
        patch.setattr(secrets, "token_urlsafe", lambda size=None: draw(size).hex())
        patch.setattr(secrets, "randbelow", lambda most: int.from_bytes(draw(8), "big") % most)
        yield


def walk(app: Flask, world: World, paths: dict[str, dict[str, Any]]) -> Walk:
    """What everybody who may open it gets at every address: status, headers that say what it is, hash of the body."""
    found: Walk = {}
    for role in WALKERS:
        client = client_of(app, world, role)
        for endpoint, params in paths.items():
            kind = app.view_functions[endpoint].access.kind  # type: ignore[attr-defined]
            if not allowed(ROWS[endpoint], role) or (role is not None and kind == "public"):
                continue  # a public page reads no session: the stranger has read it
            answer = client.get(address(app, endpoint, params))
            said = "; ".join(
                f"{name}: {answer.headers.get(name)}" for name in ("Content-Type", "Location", "ETag")
            )
            found[role or "stranger", endpoint] = (answer.status_code, said, digest(answer.data))
            answer.close()
    return found


def digest(body: bytes) -> str:
    """A hash of a body; of a workbook or an archive, of what is in it."""
    if body[:4] != b"PK\x03\x04":
        return hashlib.sha256(TOKEN.sub(b"token", body)).hexdigest()
    with zipfile.ZipFile(BytesIO(body)) as box:
        inside = sorted(
            (one.filename, one.CRC) for one in box.infolist() if one.filename != "docProps/core.xml"
        )
    return hashlib.sha256(repr(inside).encode()).hexdigest()


def become_poor(family: Actor, household_id: int) -> None:
    """All that happens to a family from its declaration to its recognition, and what it says besides."""
    with transaction():
        begun = declaring.start(family)
    key = registry.fill(family, begun, registry.POOR)
    with transaction():
        declaring.finish(family, key)
    with transaction():
        declaring.give_sales_consent(family)
    review = db.session.query(Review).filter_by(household_id=household_id).one()
    home = db.session.get_one(procedure.Household, household_id)
    needs.said_need(home, actor=family)
    first, second = (actor_for(Role.COMMUNE_OFFICER, unit_id=review.commune_id) for _ in range(2))
    with transaction():
        operations.enrol(first, [household_id], Origin.ROUND)
    case = db.session.query(ReviewCase).filter_by(household_id=household_id).one()
    key, village = case.key, case.village
    with transaction():
        operations.screen(first, key, goes_on=True, note="")
        operations.take_score(first, key)
        operations.visit(first, key, chosen="poor", note="Nhà tạm, ba con nhỏ")
    procedure.meeting(first, village)
    with transaction():
        hearings.vote(first, key, Vote("poor", 1, 0, "", "Thôn thấy đúng như vậy"))
    with transaction():
        hearings.post(first, village)
    with clock.use(NOW + timedelta(days=10)):
        with transaction():
            operations.propose(first, key, decision_number="12/QĐ-UBND")
        with transaction():
            operations.approve(second, key)
    db.session.remove()


def test_nobody_outside_learns_that_a_family_became_poor(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    databases = app.extensions["databases"]
    with app.app_context():
        home = household_of_person(world.producer.person_id, clock.today())
        assert home is not None
        home_id = home.id
        family, _home = registry.resident(home)
        paths = {name: dict(row.own(world)) for name, row in sorted(ROWS.items()) if "GET" in row.methods}
        db.session.remove()
    run_once(app)
    databases.keep("before_poor")
    del databases.made["before_poor"]  # for this test alone
    walks, boards = [], []
    for poor in (False, True):
        databases.become("before_poor")
        app.extensions["kept_pages"].forget()
        with app.app_context():
            if poor:
                become_poor(family, home_id)
        run_once(app)
        with same_chance(monkeypatch):
            walks.append(walk(app, world, paths))
        boards.append(client_of(app, world, Role.COMMUNE_OFFICER).get("/registry/procedure").data)
        run_once(app)  # what the walk itself left to be counted goes into this copy
    before, after = walks
    assert boards[0] != boards[1]  # the officer sees it, so there is something to learn
    assert len(before) > 300
    assert sum(status == 200 for status, _said, _body in before.values()) > 250
    assert {place: (before[place], after[place]) for place in before if before[place] != after[place]} == {}
