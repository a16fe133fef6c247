"""Every route × role × somebody else's object. A route without a row fails; a row without a route fails too."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for

from accounts.rules import Role
from tests.factories.accounts import sign_in
from tests.routes.row import ANYBODY, SIGNED_IN, Row
from tests.world import World

FOLDER = Path(__file__).resolve().parents[1] / "routes"


@pytest.fixture(autouse=True)
def _guards_alone(app: Flask) -> Iterator[None]:
    """Without the token check, so that the answer is the guard's own."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def rows() -> dict[str, Row]:
    """All rows by endpoint."""
    found: dict[str, Row] = {}
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem in ("__init__", "row"):
            continue
        for row in import_module(f"tests.routes.{path.stem}").ROWS:
            assert row.endpoint not in found, f"{row.endpoint} has two rows"
            found[row.endpoint] = row
    return found


ROWS = rows()
PERSONS = [role for role in Role if role is not Role.SYSTEM]
REFUSED = {403, 404}


def allowed(row: Row, role: Role | None) -> bool:
    if row.who == ANYBODY:
        return True
    return role is not None and (row.who == SIGNED_IN or role in row.who)


def client_of(app: Flask, world: World, role: Role | None) -> Any:
    client = app.test_client()
    if role is not None:
        sign_in(client, world.users[role])
        with client.session_transaction() as session:
            session["grant"] = world.grants[role] or 0
    return client


def address(app: Flask, endpoint: str, params: dict[str, Any]) -> str:
    with app.test_request_context():
        return url_for(endpoint, **params)


def of(app: Flask, params: Any, world: World) -> dict[str, Any]:
    """The parameters a row names; they may be looked up in the database."""
    with app.app_context():
        return dict(params(world))


def knock(app: Flask, client: Any, row: Row, params: dict[str, Any], method: str) -> int:
    """Open or post an empty form; the status."""
    path = address(app, row.endpoint, params)
    return int((client.get(path) if method == "GET" else client.post(path, data={})).status_code)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert endpoints - set(ROWS) == set(), "routes without a row"
    assert set(ROWS) - endpoints == set(), "rows without a route"


def test_every_route_declares_its_guard_as_its_row_says(app: Flask) -> None:
    wrong = []
    for endpoint, row in ROWS.items():
        access = getattr(app.view_functions[endpoint], "access", None)
        if access is None:
            wrong.append(f"{endpoint}: no guard")
        elif row.who == ANYBODY and access.kind not in ("public", "visitor"):
            wrong.append(f"{endpoint}: {access.kind}, but the row says anybody")
        elif row.who == SIGNED_IN and access.kind != "signed_in":
            wrong.append(f"{endpoint}: {access.kind}, but the row says signed in")
        elif not isinstance(row.who, str) and access.roles != row.who:
            wrong.append(f"{endpoint}: {sorted(access.roles)}, but the row says {sorted(row.who)}")
    assert wrong == []


def test_every_method_of_a_route_is_in_its_row(app: Flask) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ROWS:
            methods = set(rule.methods or ()) - {"HEAD", "OPTIONS"}
            if methods - set(ROWS[rule.endpoint].methods):
                wrong.append(f"{rule.endpoint}: {methods} against {ROWS[rule.endpoint].methods}")
    assert wrong == []


@pytest.mark.parametrize("role", [None, *PERSONS], ids=lambda role: role or "nobody")
def test_only_those_of_the_row_get_in(app: Flask, world: World, role: Role | None) -> None:
    client, wrong = client_of(app, world, role), []
    for endpoint, row in sorted(ROWS.items()):
        if allowed(row, role):
            continue
        for method in row.methods:
            status = knock(app, client, row, of(app, row.own, world), method)
            refused = {401} if role is None else REFUSED
            if status not in refused:
                wrong.append(f"{role} {method} {endpoint}: {status}")
    assert wrong == []


@pytest.mark.parametrize("role", PERSONS)
def test_nobody_opens_somebody_elses_object(app: Flask, world: World, role: Role) -> None:
    client, wrong = client_of(app, world, role), []
    for endpoint, row in sorted(ROWS.items()):
        if row.foreign is None or not allowed(row, role):
            continue
        for method in row.methods:
            status = knock(app, client, row, of(app, row.foreign, world), method)
            if status not in REFUSED:
                wrong.append(f"{role} {method} {endpoint}: {status}")
    assert wrong == []


# posts that prove their sender otherwise: a cart by its origin, a provider or a partner's system by its key
KEYED = {"epcis.capture", "epcis.add_event", "epcis.add_query"}
WITHOUT_TOKEN = KEYED | {
    "checkout.add",
    "payments.sepay_webhook",
    "feeds.payos_webhook",
    "rails.notify",
    "log.cosign",
    "saleor.handshake",
    "saleor.knocked",
    "saleor.refund_wanted",
    "saleor.shipping",
}


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.BUYER], ids=lambda role: role or "nobody")
def test_a_post_without_its_token_does_nothing(app: Flask, world: World, role: Role | None) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client, wrong = client_of(app, world, role), []
    for endpoint, row in sorted(ROWS.items()):
        if "POST" in row.methods and allowed(row, role) and endpoint not in WITHOUT_TOKEN:
            status = knock(app, client, row, of(app, row.own, world), "POST")
            if status != 400:
                wrong.append(f"{role} {endpoint}: {status}")
    assert wrong == []


@pytest.mark.parametrize("role", [None, *PERSONS], ids=lambda role: role or "nobody")
def test_what_is_allowed_opens(app: Flask, world: World, role: Role | None) -> None:
    client, wrong = client_of(app, world, role), []
    for endpoint, row in sorted(ROWS.items()):
        if "GET" in row.methods and row.page and allowed(row, role):
            if row.who == SIGNED_IN and role not in (Role.PRODUCER, Role.BUYER):
                continue
            status = knock(app, client, row, of(app, row.own, world), "GET")
            if status not in (200, 302, 303):
                wrong.append(f"{role} {endpoint}: {status}")
    assert wrong == []
