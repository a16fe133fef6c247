"""The pages of payday: what they cost, what the bank's file holds, and who sees nothing."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from payments.payruns import bulk, operations, queries
from payments.payruns.queries import Choice, layouts_on
from payments.payruns.rules import purpose
from tests.factories.accounts import actor_for, create_user, sign_in
from tests.factories.cooperatives import create_cooperative, create_producer, treasurer_of
from tests.factories.revenue import opened, weighed
from tests.payruns.scene import Till, a_till, owe
from tests.queries import count_queries


class Desk:
    """A treasurer signed in at a cooperative that owes three families."""

    def __init__(self, app: Flask, client: FlaskClient, *owed_vnd: int, **more: Any) -> None:
        self.app, self.client = app, client
        with app.app_context():
            self.till: Till = a_till(*(owed_vnd or (10_000, 20_000, 30_000)), **more)
            db.session.remove()
        sign_in(client, self.till.maker)

    def post(self, path: str, page: str = "", **typed: str) -> Any:
        """Send a form with the token, key and digest of the page it stands on."""
        text = self.client.get(page or path).text
        names = ("csrf_token", "key", "digest", "upto_on", "most_vnd")
        found = {name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', text) for name in names}
        return self.client.post(
            path, data={name: values[-1] for name, values in found.items() if values} | typed
        )

    def run(self) -> str:
        """Make the run that the page offers; its address."""
        answer = self.post("/manage/payruns/new")
        assert answer.status_code == 302, answer.text
        return str(answer.location)


def test_a_run_is_made_from_the_page_as_it_was_shown(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    page = client.get("/manage/payruns/new").text.replace("\u00a0", " ")
    assert "Trả 3 nhà" in page and "60.000 đ" in page
    path = desk.run()
    assert "Chuyển từng nhà, còn 3" in client.get(path).text


def test_a_debt_that_grew_meanwhile_is_shown_again_before_the_run_is_made(
    app: Flask, client: FlaskClient
) -> None:
    desk = Desk(app, client)
    text = client.get("/manage/payruns/new").text
    names = ("csrf_token", "key", "digest", "upto_on", "most_vnd")
    fields = {name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', text)[-1] for name in names}
    with app.app_context():
        desk.till.earns(5_000)
        db.session.remove()
    answer = client.post("/manage/payruns/new", data=fields)
    assert answer.status_code == 422 and "vừa thay đổi" in answer.text
    assert "65.000" in answer.text


def test_pages_cost_the_same_however_many_families_there_are(app: Flask, client: FlaskClient) -> None:
    costs = []
    for count in (2, 6):
        desk = Desk(app, client, *([10_000] * count))
        with count_queries(app) as plan:
            client.get("/manage/payruns/new")
        path = desk.run()
        with count_queries(app) as run:
            client.get(path)
        with count_queries(app) as runs:
            client.get("/manage/payruns")
        with count_queries(app) as payouts:
            client.get("/manage/money/payouts")
        costs.append((plan.count, run.count, runs.count, payouts.count))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 25


def test_a_familys_page_costs_the_same_however_often_it_came(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        coop, person = create_cooperative(), create_user("Lý Thị Mẫu")
        who = create_producer(coop, user_id=person.id)
        who_id, org, user_id = who.id, int(coop.organisation_id or 0), person.id
        opened(coop)
        weighed(who)
        owe(org, who_id, 1_000)
        db.session.remove()
    sign_in(client, user_id)
    costs = []
    for _round in range(2):
        with count_queries(app) as counted:
            page = client.get(f"/me/statement/{who_id}")
        assert page.status_code == 200
        costs.append(counted.count)
        with app.app_context():
            from cooperatives.queries import producer

            for _slip in range(25):
                weighed(producer(who_id))
            db.session.remove()
    assert costs[0] == costs[1] <= 32
    assert "1 / 3" in client.get(f"/me/statement/{who_id}").text
    older = client.get(f"/me/statement/{who_id}?slips=3")
    assert older.text.count("slip:") == 11


def rows_of(data: bytes, kind: str) -> list[list[Any]]:
    """The rows of a bank's file."""
    if kind == "csv":
        return list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    return [list(row) for row in openpyxl.load_workbook(BytesIO(data)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_banks_file_names_each_family_that_waits_and_says_that_it_is_unverified(
    app: Flask, client: FlaskClient, kind: str
) -> None:
    desk = Desk(app, client)
    path = desk.run()
    answer = desk.post(f"{path}/file", path, kind=kind)
    assert answer.mimetype == bulk.KINDS[kind] and answer.headers["Cache-Control"] == "no-store"
    rows = rows_of(answer.data, kind)
    assert "chưa đối chiếu" in str(rows[0][0]) and "minh hoạ" in str(rows[1][0]).lower()
    assert rows[2] == [heading for heading, _field in layouts_on(clock.today())[0].columns]
    assert [str(row[2]) for row in rows[3:]] == ["100000000", "100000001", "100000002"]
    assert [int(row[4]) for row in rows[3:]] == [10_000, 20_000, 30_000]
    with app.app_context():
        run = queries.run_for(int(path.rsplit("/", 1)[-1]), desk.till.org)
        lines = desk.till.lines(run.id)
        assert [row[5] for row in rows[3:]] == [
            purpose(f"{n:03}", one.id) for n, one in enumerate(lines, start=1)
        ]
        assert db.session.query(AuditLine).filter_by(verb="take_payrun_file").count() == 1


def test_a_cell_that_a_spreadsheet_would_run_is_only_text() -> None:
    layout = layouts_on(clock.today())[0]
    assert not layout.verified and "example" in layout.id
    row = bulk.Transfer(1, "=HYPERLINK(1)", "+84123", "970436", "Vietcombank", 5, "TRA")
    assert bulk.table(layout, [row])[1] == [1, "'=HYPERLINK(1)", "'+84123", "Vietcombank", 5, "TRA"]


def test_an_account_that_changed_is_neither_in_the_file_nor_in_a_code(
    app: Flask, client: FlaskClient
) -> None:
    from datetime import timedelta

    from tests.conftest import NOW

    desk = Desk(app, client)
    path = desk.run()
    with app.app_context(), clock.use(NOW + timedelta(minutes=1)):
        desk.till.account(0, "99998888")
        line_id = desk.till.lines(int(path.rsplit("/", 1)[-1]))[0].id
        db.session.remove()
    rows = rows_of(desk.post(f"{path}/file", path, kind="csv").data, "csv")
    assert [row[2] for row in rows[3:]] == ["100000001", "100000002"]
    page = client.get(f"{path}/lines/{line_id}").text
    assert 'class="qr"' not in page and "đã đổi sau khi lập" in page and "99998888" not in page


def test_a_stranger_the_programme_and_a_member_see_nothing_of_a_run(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    path = desk.run()
    with app.app_context():
        stranger = treasurer_of(create_cooperative("HTX Kia"))
        programme, member = actor_for(Role.PROJECT_STAFF), actor_for(Role.PRODUCER, desk.till.org)
        db.session.remove()
    for who, status in ((stranger, 404), (programme, 403), (member, 403)):
        sign_in(client, who)
        assert client.get(path).status_code == status
        assert client.get("/manage/payruns").status_code == (200 if who is stranger else 403)
    with app.app_context(), transaction():
        run = operations.close_run(desk.till.maker, int(path.rsplit("/", 1)[-1]))
        assert run.state == "closed"
    assert Choice(clock.today()).least_vnd == 0
