"""Official points: a workbook or JSON read cell by cell, every fault named, pages for two administrators."""

import json
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import User
from accounts.rules import Role
from core.db import db
from core.errors import Invalid
from registry.cli import registry
from registry.standards.models import StandardImport
from registry.standards.points import blank, read_points
from registry.standards.queries import form_of, standard
from registry.standards.words import COLUMN_NAMES
from tests.accounts.test_views import token
from tests.factories.accounts import actor_for, sign_in
from tests.factories.registry import proposed_points, submitted_review

SOURCE = "Thông tư thử, Phụ lục III"


def form(standard_id: str = "vn-2022-2025") -> dict[str, Any]:
    return form_of(standard_id)


def workbook(**cells: Any) -> bytes:
    """The blank workbook filled with 7 everywhere, then these cells by their names."""
    points = form()["b1"]["points"]
    book = openpyxl.load_workbook(BytesIO(blank(points, form()["questions"], COLUMN_NAMES)))
    sheet = book.active
    for row in range(3, sheet.max_row + 1):
        for column in range(5, 12):
            sheet.cell(row, column, 7)
    for name, value in cells.items():
        sheet[name] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_blank_workbook_comes_back_filled_without_a_fault() -> None:
    read = read_points(workbook(E3=12), form())
    assert read.faults == () and read.table is not None
    options = [option for item in read.table["items"] for option in item["options"]]
    assert len(options) == sum(len(item["options"]) for item in form()["b1"]["points"]["items"])
    assert options[0]["points"] == [12, 7, 7, 7, 7, 7, 7]


@pytest.mark.parametrize(
    ("cells", "at", "said"),
    [
        ({"G9": None}, "G9", "trống"),
        ({"G9": "mười"}, "G9", "số nguyên"),
        ({"G9": 7.5}, "G9", "số nguyên"),
        ({"G9": -1}, "G9", "số nguyên"),
        ({"G9": 1001}, "G9", "số nguyên"),
        ({"G9": True}, "G9", "số nguyên"),
        ({"G9": "=1+1"}, "G9", ""),
        ({"A9": "car"}, "A9", "không có mục"),
        ({"B4": 1}, "A4", "đã có ở trên"),
        ({"K2": "thanh_thi"}, "A2", "Thiếu cột"),
        ({"A10": None, "B10": None}, "A10", ""),
    ],
)
def test_each_faulty_cell_is_named(cells: dict[str, Any], at: str, said: str) -> None:
    read = read_points(workbook(**cells), form())
    assert read.table is None
    assert any(one.at == at and said in one.why for one in read.faults), read.faults


def test_json_is_read_by_the_same_rules() -> None:
    table = form()["b1"]["points"]
    assert read_points(json.dumps({"table": table}).encode(), form()).faults == ()
    table["items"][0]["options"][0]["points"][0] = "60"
    (fault,) = read_points(json.dumps({"table": table}).encode(), form()).faults
    assert fault.at == "table.items[0].options[0].points[0]"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"{}", b'{"table": 3}', b"item,option\n", b"PK\x03\x04", b"%PDF-1.4"]
)
def test_what_is_no_points_table_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_points(data, form())


def test_a_standard_without_limits_needs_them_with_its_points(app: Flask) -> None:
    table = form()["b1"]["points"]
    with pytest.raises(Invalid):
        read_points(workbook(), form("vn-2027-2030"))
    limit = {"rural": 150, "urban": 180}
    read = read_points(json.dumps({"table": table, "limit": limit}).encode(), form("vn-2027-2030"))
    assert (read.faults, read.limit) == ((), limit)


def test_an_administrator_sends_points_in_and_another_one_approves(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        submitted_review()
        first, second = actor_for(Role.ADMINISTRATOR), actor_for(Role.ADMINISTRATOR)
    address = "/registry/standards/vn-2022-2025/points"
    sign_in(client, first)
    assert client.get(f"{address}.xlsx").mimetype.endswith("spreadsheetml.sheet")

    def post(data: bytes, source: str = SOURCE) -> Any:
        sent = {
            "csrf_token": token(client.get(address).text),
            "source": source,
            "file": (BytesIO(data), "b1.xlsx"),
        }
        return client.post(address, data=sent)

    refused = post(workbook(G9="mười"))
    assert refused.status_code == 422 and "<code>G9</code>" in refused.text and "mười" in refused.text
    assert SOURCE in refused.text
    assert post(workbook(), "").status_code == 422
    taken = post(workbook())
    assert taken.status_code == 302
    page = client.get(taken.location).text
    assert "không tự duyệt được" in page and "/approve" not in page
    assert "DEMO" in client.get("/registry/standards/vn-2022-2025").text
    sign_in(client, second)
    page = client.get(taken.location).text
    done = client.post(f"{taken.location}/approve", data={"csrf_token": token(page)}, follow_redirects=True)
    assert "Đã duyệt" in done.text
    assert "DEMO" not in client.get("/registry/standards/vn-2022-2025").text
    with app.app_context():
        assert not standard("vn-2022-2025").is_demo


def test_a_province_officer_tries_the_next_standard_and_sees_no_name(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        review = submitted_review()
        from places.queries import province_of

        home = province_of(review.commune_id)
        officer = actor_for(Role.PROVINCE_OFFICER, unit_id=home.id)
        elsewhere = actor_for(Role.PROVINCE_OFFICER, unit_id=home.id + 1)
    sign_in(client, officer)
    page = client.get("/registry/standards/vn-2027-2030/try").text
    assert "1 bản kê khai" in page and "Giống mức hộ nghèo" in page and "Chưa nói được" in page
    assert "Triệu" not in page.split("<main")[1]
    sign_in(client, elsewhere)
    assert "Chưa có hộ nào kê khai" in client.get("/registry/standards/vn-2027-2030/try").text


def test_operators_import_approve_and_try_by_command(app: Flask, tmp_path: Any) -> None:
    with app.app_context():
        submitted_review()
        actors = [actor_for(Role.ADMINISTRATOR) for _ in range(2)]
        phones = [db.session.get_one(User, one.user_id).phone for one in actors]
    file = tmp_path / "b1.xlsx"
    runner = app.test_cli_runner()

    def send(*more: str) -> Any:
        return runner.invoke(
            registry, ["standards", "import", str(file), "--as", phones[0], "--source", SOURCE, *more]
        )

    file.write_bytes(workbook(G9=-1))
    assert send("--standard", "vn-2022-2025").exit_code == 1
    file.write_bytes(workbook())
    assert send("--standard", "vn-no").exit_code == 1
    key = json.loads(send("--standard", "vn-2022-2025").stdout)["import"]
    assert runner.invoke(registry, ["standards", "approve", key, "--as", phones[0]]).exit_code == 1
    assert runner.invoke(registry, ["standards", "approve", key, "--as", "0912345678"]).exit_code == 1
    approved = runner.invoke(registry, ["standards", "approve", key, "--as", phones[1]])
    assert json.loads(approved.stdout)["state"] == "approved"
    listed = json.loads(runner.invoke(registry, ["standards", "list"]).stdout)
    assert [one["demo"] for one in listed] == [False, True]
    tried = json.loads(runner.invoke(registry, ["standards", "try", "vn-2027-2030"]).stdout)
    assert tried["total"]["households"] == 1
    for table in ("by_commune", "by_ethnic_group", "by_household_size"):
        assert sum(one["households"] for one in tried[table].values()) == 1
    assert sum(one["households"] for one in tried["changes"]) == 1


def test_an_import_is_never_decided_twice(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        key = proposed_points().key
        admin = actor_for(Role.ADMINISTRATOR)
    sign_in(client, admin)
    page = client.get(f"/registry/standards/imports/{key}").text
    sent = {"csrf_token": token(page)}
    assert client.post(f"/registry/standards/imports/{key}/refuse", data=sent).status_code == 302
    assert client.post(f"/registry/standards/imports/{key}/approve", data=sent).status_code == 409
    with app.app_context():
        assert db.session.query(StandardImport).one().state == "refused"
