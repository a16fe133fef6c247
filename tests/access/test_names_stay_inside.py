"""Who a household is stands on the pages of those who may read it, and in no address, QR code, error, log line, key of
a kept page or name of a file: those are copied, printed, logged and sent on by machines that ask nobody.

Everybody of the world is given a name, phone, street and number that stand nowhere else. Every route is then opened
once, by the role that sees most, and what leaves it besides the page's own words is searched for them.
"""

import logging
import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
import segno
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import BadRequest

from accounts.rules import Role
from app.logs import JsonLine
from core.db import db, transaction
from core.errors import Invalid
from households.identity import operations as identity
from households.identity.operations import Said
from households.identity.rules import Why
from households.models import HouseholdMember
from tests.access.test_matrix import ROWS, address, allowed, client_of
from tests.factories.accounts import actor_for
from tests.world import World

NAME, STREET, PHONE, NUMBER = "Dấuriêng", "Ngõriêng", "98760", "019084760"
MARK = re.compile(rf"dauri|ngori|0?{PHONE}\d{{4}}|{NUMBER}|ho[-+_ ]?cua[-+_ ]?xa")
READERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD, Role.PROVINCE_OFFICER, Role.DIGITAL_TEAM, Role.MANAGER,
           Role.TREASURER, Role.PRODUCER, Role.PROJECT_STAFF, Role.ADMINISTRATOR, Role.BUYER, None)  # fmt: skip
URL = re.compile(
    r"""\s(?:href|action|formaction|src|srcset|poster|cite|hx-[a-z-]+|data-[a-z-]+)=(?:"([^"]*)"|'([^']*)')"""
)
# The reader's own phone dials the number that stands beside, when pressed; nothing of ours keeps or logs that address.
CALLS = ("tel:", "sms:", "https://zalo.me/")
# Where people stand. Goods, their trace, money of cooperatives and doors of other shops hold no household's word.
PARTS = (
    "registry",
    "households",
    "accounts",
    "orders",
    "office",
    "programme",
    "storefront.checkout",
    "payments.views",
)


@pytest.fixture(autouse=True)
def _without_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def marked(text: str) -> bool:
    """Whether somebody stands in a text: with or without accents, quoted for an address or not."""
    plain = unicodedata.normalize("NFD", unquote(unquote(unescape(text))).casefold().replace("đ", "d"))
    return MARK.search("".join(one for one in plain if not unicodedata.combining(one))) is not None


def test_the_search_would_find_each() -> None:
    for said in ("/x?q=D%E1%BA%A5uri%C3%AAng", "dau-rieng dauriêng", "/+84987601234", "0987601234.pdf", "Ngõriêng 7",
                 "019084760123", "ho-cua-xa"):  # fmt: skip
        assert marked(said), said
    assert not marked("/registry/reviews/5T3x98761234")


def give_marks(world: World) -> None:
    """Everybody's name, phone and street, whatever they were; one person's number through the verb."""
    for said in (
        f"UPDATE person SET name = '{NAME} ' || id, name_folded = 'daurieng ' || id, "
        f"phone = '+84{PHONE}' || (1000 + id)",
        f"UPDATE person_account SET name = '{NAME} ' || id, phone = '+84{PHONE}' || (5000 + id)",
        f"UPDATE household SET address_line = '{STREET} ' || id",
        f"UPDATE purchase SET buyer_name = '{NAME} ' || id, buyer_phone = '+84{PHONE}' || (7000 + id), "
        f"address_line = '{STREET} ' || id",
    ):
        with transaction():
            db.session.execute(sa.text(said))
    home = world.household
    members = sa.select(HouseholdMember.person_id).where(HouseholdMember.household_id == home.id)
    who, person_id = (
        actor_for(Role.COMMUNE_OFFICER, unit_id=home.commune_id),
        db.session.scalars(members).first(),
    )
    assert person_id is not None
    with transaction():
        identity.note_paper(who, person_id, Said(next(iter(Why)), f"{NUMBER}123", (), agreed=True))
    db.session.remove()


def outside(answer: Any) -> Iterator[str]:
    """What a response says to machines: where it leads, what its file is called, every address on its page."""
    for name in (
        "Location",
        "Content-Disposition",
        "Link",
        "ETag",
        "Set-Cookie",
        "HX-Redirect",
        "HX-Push-Url",
    ):
        yield from (f"{name}: {one}" for one in answer.headers.getlist(name))
    if answer.mimetype == "text/html":
        for one in URL.finditer(answer.text):
            if not (said := one[1] or one[2] or "").startswith(CALLS):
                yield said


def test_nobody_stands_in_an_address_a_code_a_file_name_an_error_or_a_log(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    codes, lines, found, pages = list[str](), list[str](), list[str](), 0
    make, handler = segno.make, logging.Handler()
    handler.emit = lambda record: lines.append(JsonLine().format(record))  # type: ignore[method-assign]
    monkeypatch.setattr(segno, "make", lambda said, **kw: codes.append(f"{said}") or make(said, **kw))  # type: ignore[func-returns-value]
    with app.app_context():
        give_marks(world)
        views = app.view_functions
        paths = {
            name: dict(row.own(world))
            for name, row in sorted(ROWS.items())
            if "GET" in row.methods and views[name].__module__.startswith(PARTS)
        }
        db.session.remove()
    clients = {role: client_of(app, world, role) for role in READERS}
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.INFO)
    try:
        for endpoint, params in paths.items():
            role = next((one for one in READERS if allowed(ROWS[endpoint], one)), None)
            answer = clients[role].get(address(app, endpoint, params))
            pages += NAME in answer.text if answer.mimetype == "text/html" else 0
            found += [f"{endpoint}: {said}" for said in outside(answer) if marked(said)]
            answer.close()
        found += [f"error: {one}" for one in errors(app, world, monkeypatch)]
    finally:
        logging.getLogger().removeHandler(handler)
    assert pages > 40 and codes and lines, "there was something to find, and somewhere to find it"
    found += [f"code: {one}" for one in codes if marked(one)] + [
        f"log: {one}" for one in lines if marked(one)
    ]
    shelf = app.extensions["kept_pages"].shelf.pages
    assert shelf
    found += [f"kept: {key}" for key in shelf if marked(repr(key))]
    assert found == []


def errors(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Marks on error pages: nothing there, not yours, not for this role, and what breaks over a person's form."""
    said = {
        "name": f"{NAME} Mới",
        "phone": f"+84{PHONE}9999",
        "number": f"{NUMBER}456",
        "address_line": STREET,
    }
    row = ROWS["identity.paper"]
    with app.app_context():
        own, other = (dict(params(world)) for params in (row.own, row.foreign) if params)
    officer, buyer = (client_of(app, world, role) for role in (Role.COMMUNE_OFFICER, Role.BUYER))
    mine, theirs = (address(app, row.endpoint, one) for one in (own, other))
    answers = [
        officer.get(f"/khong-co-gi/{NAME}"),
        officer.post(theirs, data=said),
        buyer.post(mine, data=said),
    ]

    def breaks(error: Exception) -> Any:
        def view(**_params: Any) -> None:
            raise error

        view.access = guarded.access  # type: ignore[attr-defined]
        return view

    guarded: Any = app.view_functions[row.endpoint]
    app.testing = False
    try:
        for error in (
            ValueError(f"cannot keep {said}"),
            BadRequest(f"{said}"),
            Invalid(f"{NAME}", field="name"),
        ):
            monkeypatch.setitem(app.view_functions, row.endpoint, breaks(error))
            answers.append(officer.post(mine, data=said))
    finally:
        app.testing = True
    assert [one.status_code for one in answers] == [404, 404, 403, 500, 400, 422], "each kind of error"
    assert marked(answers.pop().text), "a refusal says what the code tells it to; nothing else does"
    for one in answers:
        if marked(one.text):
            yield f"{one.status_code} {one.request.path}"
