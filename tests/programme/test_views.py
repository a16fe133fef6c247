"""The project's pages: who may open them, what they say, and what they never say."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.rules import Role
from accounts.rules import show_phone as shown
from core import clock
from core.db import db
from households.models import Person
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.queries import count_queries
from tests.world import World

PAGES = ("/programme", "/programme/revenue", "/programme/reach", "/programme/calls", "/programme/revenue.csv")


@pytest.fixture
def staff(app: Flask, client: FlaskClient, world: World) -> FlaskClient:
    """A browser of somebody of the project, over the small world."""
    return _signed_in(client)


def _signed_in(client: FlaskClient) -> FlaskClient:
    """Again, on a day when the machine has signed out by itself."""
    with client.application.app_context():
        who = actor_for(Role.PROJECT_STAFF)
    sign_in(client, who)
    return client


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).replace("\u00a0", " ").split())


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "role", [Role.MANAGER, Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.ADMINISTRATOR]
)
def test_other_roles_are_refused(app: Flask, client: FlaskClient, address: str, role: Role) -> None:
    with app.app_context():
        who = actor_for(role, unit_id=None)
    sign_in(client, who)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 401 and "Đăng nhập" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "most"), [(PAGES[0], 20), (PAGES[1], 10), (PAGES[2], 11), (PAGES[3], 13)]
)
def test_a_page_asks_the_database_little(app: Flask, staff: FlaskClient, address: str, most: int) -> None:
    with count_queries(app) as counted:
        assert staff.get(address).status_code == 200
    assert counted.count <= most


def test_the_month_shows_sales_with_the_part_of_the_families(staff: FlaskClient) -> None:
    text = _text(staff, "/programme")
    assert "Tháng 11/2026: 0,1 triệu đồng, 70 % về các hộ" in text
    assert "5 / 11" in text, "households with income, of those linked"
    assert "Tính tới hết ngày 22/11/2026" in text


def test_a_month_without_deliveries_says_so(staff: FlaskClient) -> None:
    text = _text(staff, "/programme?month=2026-03")
    assert "Tháng 03/2026: chưa giao đơn nào" in text and "Tháng này chưa HTX nào giao hàng" in text


def test_a_month_to_come_is_this_month(staff: FlaskClient) -> None:
    assert "Tháng 11/2026:" in _text(staff, "/programme?month=2031-01")


def test_the_part_of_one_to_four_families_is_never_printed(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from programme.sales import queries

    real = queries.paid_households

    def few(*args: Any) -> Any:
        found = real(*args)
        by_month = (*found.by_month[:-1], 3)
        return type(found)(found.linked, found.sexes, dict.fromkeys(found.by_organisation, 3), by_month)

    monkeypatch.setattr(queries, "paid_households", few)
    text = _text(staff, "/programme")
    assert "70 %" not in text and "91.000" not in text and "dưới 5 / 11" in text and "chưa đủ số" in text


def test_a_years_revenue_stands_by_month_product_and_channel(staff: FlaskClient) -> None:
    text = _text(staff, "/programme/revenue?year=2026")
    assert "Năm 2026: 0,1 triệu đồng" in text and "Miến dong HTX Ta" in text and "Trang bán hàng" in text
    assert "130.000 đ" in text


def test_another_cooperative_sold_nothing(app: Flask, staff: FlaskClient, world: World) -> None:
    with app.app_context():
        other = world.other_coop.id
    assert "Năm này chưa giao đơn nào." in _text(staff, f"/programme/revenue?cooperative={other}")


def test_an_unknown_year_or_cooperative_counts_as_not_asked(staff: FlaskClient) -> None:
    text = _text(staff, "/programme/revenue?year=1999&cooperative=999999")
    assert "Năm 2026:" in text and "Miến dong HTX Ta" in text


def test_the_csv_says_that_it_is_invented(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEMO", True)
    answer = staff.get("/programme/revenue.csv?year=2026")
    lines = answer.get_data(as_text=True).lstrip("\ufeff").split("\r\n")
    assert answer.mimetype == "text/csv" and "Dữ liệu minh hoạ" in lines[0]
    assert lines[2] == "2026-11,HTX Ta,Miến dong HTX Ta,web,130000"


def test_a_real_csv_begins_with_its_columns(
    app: Flask, staff: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEMO", False)
    assert staff.get("/programme/revenue.csv").get_data(as_text=True).startswith("\ufeffTháng,HTX,")


def test_reach_counts_households_and_producers_with_their_whole(staff: FlaskClient) -> None:
    text = _text(staff, "/programme/reach")
    assert "11 hộ, 11 người giao hàng" in text and "Sổ mở ngày 22/11/2026" in text
    assert "<b>11</b> / 11" in text, "all are members"


def test_one_person_who_said_nothing_is_not_found_by_subtraction(staff: FlaskClient) -> None:
    """Of eleven, ten said woman and one said nothing: both are hidden, since the total is printed."""
    text = _text(staff, "/programme/reach")
    assert "<b>10</b>" not in text and "<b>1</b>" not in text and "không hiện" in text


def test_a_late_order_is_a_reason_to_call(app: Flask, staff: FlaskClient) -> None:
    assert "đơn chờ gửi quá 3 ngày" not in _text(staff, "/programme/calls")
    with clock.use(NOW + timedelta(days=5)):
        text = _text(_signed_in(staff), "/programme/calls")
    assert "đơn chờ gửi quá 3 ngày, lâu nhất 5 ngày" in text and 'href="tel:+84' in text


def test_a_cooperative_without_a_sale_for_a_month_is_called(staff: FlaskClient) -> None:
    with clock.use(NOW + timedelta(days=31)):
        assert "31 ngày chưa có đơn" in _text(_signed_in(staff), "/programme/calls")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_names_a_person(app: Flask, staff: FlaskClient, address: str) -> None:
    with app.app_context():
        people = db.session.execute(select(Person.name, Person.phone)).all()
        db.session.rollback()
    text = _text(staff, address)
    assert people
    for name, phone in people:
        assert name not in text
        assert not phone or (phone not in text and shown(phone) not in text)
