"""The roster's pages: read by day, an event written, taken back, doubles merged; few queries."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor
from core.db import db, transaction
from households import operations as record
from households.models import Household
from households.operations import PersonFacts
from households.roster import queries
from households.roster.forms import KIND_TEXT
from households.roster.views import FORMS
from households.rules import Relation
from tests.accounts.test_views import token
from tests.factories.accounts import sign_in
from tests.households_roster.test_operations import LONG_AGO, home, member, names, officer
from tests.queries import count_queries

TODAY = date(2026, 11, 22)


def scene(app: Flask, client: FlaskClient) -> tuple[Actor, int, str, int]:
    """An officer signed in, a household of two and its key, and the child."""
    with app.app_context():
        me = officer()
        here, _head = home()
        child = member(here, "Lý Thị Sen")
        key = db.session.get_one(Household, here).key
    sign_in(client, me)
    return me, here, key, child


def test_an_event_is_written_shown_in_the_history_and_taken_back(app: Flask, client: FlaskClient) -> None:
    _me, here, key, child = scene(app, client)
    csrf = token(client.get(f"/roster/{key}/death").text)
    sent = {"csrf_token": csrf, "key": "death-of-the-child", "on": "2026-11-20", "person": child}
    for _twice in range(2):
        assert client.post(f"/roster/{key}/death", data=sent).status_code == 302
    page = client.get(f"/roster/{key}").text
    assert "Qua đời" in page
    assert page.count("Ghi nhầm, bỏ việc này") == 1
    assert "Lý Thị Sen" in client.get(f"/roster/{key}?on=2026-11-01").text
    with app.app_context():
        assert names(here) == {"Lý Thị Mẫu"}
    undone = client.post(f"/roster/{key}/deeds/death-of-the-child/undo", data={"csrf_token": csrf})
    assert undone.status_code == 302
    with app.app_context():
        assert names(here) == {"Lý Thị Mẫu", "Lý Thị Sen"}


@pytest.mark.parametrize("kind", list(FORMS))
def test_every_event_has_its_form_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, kind: str
) -> None:
    _me, _here, key, _child = scene(app, client)
    page = client.get(f"/roster/{key}/{kind}")
    assert page.status_code == 200
    assert KIND_TEXT[kind] in page.text
    sent = {"csrf_token": token(page.text), "on": "2027-01-01", "note": "viết dở", "name": "Lý Văn Mới"}
    answer = client.post(f"/roster/{key}/{kind}", data=sent)
    assert answer.status_code == 422
    assert "viết dở" in answer.text


def test_a_wedding_and_a_split_go_through_the_forms(app: Flask, client: FlaskClient) -> None:
    _me, here, key, child = scene(app, client)
    with app.app_context():
        there, _spouse = home("Triệu Văn Tá")
        other = db.session.get_one(Household, there).key
    csrf = {"csrf_token": token(client.get(f"/roster/{key}/marriage").text), "on": "2026-11-01"}
    wedding = {"key": "wedding-1", "person": child, "household": other, "relation": "spouse"}
    wrong = client.post(f"/roster/{key}/marriage", data=csrf | wedding | {"spouse": "Không Có Ai"})
    assert wrong.status_code == 422
    sent = client.post(f"/roster/{key}/marriage", data=csrf | wedding | {"spouse": "trieu van ta"})
    assert sent.status_code == 302
    birth = {
        "key": "birth-1",
        "name": "Triệu Thị Mới",
        "relation": "child",
        "parents": [str(child)],
        "sex": "",
    }
    assert client.post(f"/roster/{other}/birth", data=csrf | birth).status_code == 302
    split = {"key": "split-1", "on": "2026-11-20", "people": [str(child)], "head": str(child)}
    assert client.post(f"/roster/{other}/split", data=csrf | split).status_code == 302
    with app.app_context():
        assert names(here) == {"Lý Thị Mẫu"}
        assert names(there) == {"Triệu Văn Tá", "Triệu Thị Mới"}


def test_doubles_are_merged_from_their_page(app: Flask, client: FlaskClient) -> None:
    _me, _here, _key, _child = scene(app, client)
    with app.app_context():
        there, other = home("LY THI MAU")
        one = min(pair.one.id for pair in queries.doubles(_me))
    page = client.get("/roster/doubles").text
    assert "ở hai hộ" in page
    sent = client.post("/roster/doubles", data={"csrf_token": token(page), "keep": one, "double": other})
    assert sent.status_code == 302
    with app.app_context():
        assert names(there) == set()


def test_the_list_costs_as_many_queries_for_one_household_as_for_ten(app: Flask, ctx: Flask) -> None:
    me = officer()
    home()
    with count_queries(app) as few:
        queries.listed(me)
    with transaction():
        for number in range(9):
            made = record.create_household(
                me, me.unit_id or 0, "Thôn Chè Cọ", PersonFacts(f"Bàn Văn {number}"), from_on=LONG_AGO
            )
            record.add_person(me, made.id, PersonFacts(f"Bàn Thị {number}", Relation.CHILD))
    with count_queries(app) as many:
        rows, total = queries.listed(me)
    assert (total, len(rows), few.count, many.count) == (10, 10, 4, 4)
