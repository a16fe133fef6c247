"""Nothing that anybody may open leads to who is poor: not a page, not a file, not a byte."""

import re

import pytest
from sqlalchemy import select

from cooperatives.models import Producer
from core.db import db, transaction
from households.models import Household, Person
from registry.models import Review
from tests.access.test_matrix import ROWS, address, of
from tests.factories.registry import POOR, submitted_review
from tests.routes.row import ANYBODY
from tests.world import World, world

__all__ = ["world"]

LINK = re.compile(rb'(?:href|src|action)="(/[^"#]*)|<loc>https?://[^/<]+(/[^<]*)</loc>')
ONCE = re.compile(rb'(name="(?:csrf_token|key)"[^>]*value=|value=)"[^"]{8,}"|nonce-[\w-]+')
MOST_PAGES = 400


def public_paths(app, world: World) -> list[str]:
    """Every GET of a route that anybody may open, with and without its object, in each language that it speaks."""
    paths = {"/", "/robots.txt"}
    for endpoint, row in ROWS.items():
        guard = getattr(app.view_functions[endpoint], "access", None)
        if row.who == ANYBODY and guard is not None and guard.kind == "public" and "GET" in row.methods:
            paths.add(address(app, endpoint, of(app, row.own, world)))
    return sorted(paths)


def opened(app, paths):
    """What anybody gets: address → status and bytes, and the same of every address named in them."""
    client, found, waiting = app.test_client(), {}, list(paths)
    app.extensions["kept_pages"].forget()
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found or path.startswith("/static/") or not _is_public(app, path):
            continue
        answer = client.get(path)
        found[path] = (answer.status_code, ONCE.sub(b"", answer.data))
        if "html" in answer.content_type or "xml" in answer.content_type:
            waiting += sorted({(one or two).decode() for one, two in LINK.findall(answer.data)})
    return found


def _is_public(app, path):
    from werkzeug.exceptions import HTTPException

    path = path.partition("?")[0]
    try:
        endpoint, _values = app.url_map.bind("localhost").match(path)
    except HTTPException:
        return False
    guard = getattr(app.view_functions[endpoint], "access", None)
    return guard is not None and guard.kind == "public"


@pytest.fixture
def before_and_after(app, world):
    """All public pages before and after every household that supplies a cooperative was reviewed as poor."""
    paths = public_paths(app, world)
    before = opened(app, paths)
    with app.app_context():
        suppliers = db.session.execute(
            select(Producer.household_id).where(Producer.household_id.is_not(None))
        )
        homes = {one for (one,) in suppliers} | set(db.session.execute(select(Household.id)).scalars())
        db.session.rollback()
        for home_id in sorted(homes):
            review = submitted_review(db.session.get_one(Household, home_id), POOR)
            assert review.results[0].outcome == "poor"
            db.session.rollback()
    return before, opened(app, paths)


def test_not_a_byte_of_any_public_page_changes_when_households_become_poor(before_and_after):
    before, after = before_and_after
    assert len(before) > 40 and sum(status == 200 for status, _body in before.values()) > 30
    assert sorted(before) == sorted(after)
    assert [path for path in before if before[path] != after[path]] == []


def test_no_public_page_holds_a_key_of_the_registry_or_of_a_home(app, before_and_after):
    with app.app_context(), transaction():
        keys = [
            *db.session.execute(select(Review.key)).scalars(),
            *db.session.execute(select(Household.key)).scalars(),
        ]
        phones = list(db.session.execute(select(Person.phone).where(Person.phone.is_not(None))).scalars())
    pages = b"\n".join(body for _status, body in before_and_after[1].values())
    assert keys and [one for one in keys if one.encode() in pages] == []
    assert [one for one in phones if one.encode() in pages or one.removeprefix("+84").encode() in pages] == []


def test_no_public_page_speaks_of_class_or_need(before_and_after):
    """Words of the registry stand on pages that explain the market, never beside goods, makers or lots."""
    words = [one.encode() for one in ("hộ nghèo", "cận nghèo", "near-poor", "thiếu hụt", "貧困")]
    for path, (_status, body) in before_and_after[1].items():
        if path.startswith(("/01/", "/414/", "/00/", "/products", "/cooperatives", "/log", "/scan")):
            assert [one for one in words if one in body.lower()] == [], path
