"""Pages of figures: an officer's own place, and what strangers read of a published round."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core import audit
from core.db import db, transaction
from core.errors import Invalid, NotAllowed
from places.queries import province_of
from registry.published.operations import Draft, draft, publish
from registry.published.queries import releases
from tests.factories.accounts import actor_for, sign_in
from tests.factories.households import create_household
from tests.factories.registry import WELL, submitted_review
from tests.queries import count_queries
from tests.registry_figures.world import invented_draft, released


def _released(app: Flask) -> Draft:
    with app.app_context():
        released()
    return invented_draft()


def test_officers_read_their_place_and_take_it_as_a_workbook(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        review = submitted_review()
        unit_id, province_id = review.commune_id, province_of(review.commune_id).id
        submitted_review(create_household(head="Hộ Hai", village="Thôn Khác"), WELL)
        commune = actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)
        province = actor_for(Role.PROVINCE_OFFICER, unit_id=province_id)
    for officer, inside in ((commune, "Thôn Khác"), (province, "xã Côn Minh")):
        sign_in(client, officer)
        with count_queries(app) as counted:
            page = client.get("/registry/figures").text
        assert "Đợt 2026: 2 hộ đã kê khai" in page and inside in page and "DEMO" in page
        assert "Triệu" not in page and "Hộ Hai" not in page
        assert counted.count <= 30, counted.statements
    book = openpyxl.load_workbook(BytesIO(client.get("/registry/figures.xlsx?round=2026").data))
    assert len(book.sheetnames) == 11
    said = [
        [cell for cell in row if cell is not None] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    assert said[-1][:6] == ["Cộng", 2, 1, 0, 1, 0] and said[-2][1] == 2
    assert any("chưa đối chiếu" in str(row) for row in said) and any("Người tải" in str(row) for row in said)
    with app.app_context():
        verbs = [row.verb for row in db.session.execute(db.select(audit.AuditLine)).scalars()]
        assert verbs.count("read figures") == 3


def test_a_round_is_published_once_and_by_an_administrator(app: Flask) -> None:
    made = _released(app)
    with app.app_context():
        keeper, officer = actor_for(Role.ADMINISTRATOR), actor_for(Role.PROVINCE_OFFICER)
        with pytest.raises(NotAllowed), transaction():
            publish(officer, invented_draft(2024))
        with pytest.raises(Invalid, match="đã công bố"), transaction():
            publish(keeper, made)
        assert [one.year for one in releases()] == [2025]


def test_strangers_read_shown_rows_and_never_hidden_ones(app: Flask, client: FlaskClient) -> None:
    assert "Chưa công bố đợt nào" in client.get("/figures").text
    made = _released(app)
    page = client.get("/figures")
    assert "Chưa công bố" not in page.text and "DEMO" in page.text and "Set-Cookie" not in page.headers
    assert client.get("/figures?round=2019").status_code == 404
    assert client.get("/figures?province=zz").status_code == 404
    province = next(row.path[0] for row in made.rows if row.path)
    assert f"Nơi {province}-{province}0" in client.get(f"/figures?province={province}").text
    answer = client.get("/figures/2025/classes.csv")
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    wanted = [row for row in made.rows if row.table == "classes"]
    assert len(rows) == len(wanted) and {row["demo"] for row in rows} == {"yes"}
    assert sum(row["hidden"] == "yes" for row in rows) == sum(row.counts is None for row in wanted) > 0
    for row in rows:
        assert (row["households"] == "") == (row["class/poor"] == "") == (row["hidden"] == "yes")
    again = client.get("/figures/2025/classes.csv", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    columns = csv.DictReader(StringIO(client.get("/figures/2025/dictionary.csv").data.decode("utf-8-sig")))
    assert set(rows[0]) <= {row["column"] for row in columns if row["table"] in ("*", "classes")}
    assert client.get("/figures/2025/none.csv").status_code == 404


def test_a_draft_of_real_declarations_hides_a_country_of_one(app: Flask) -> None:
    with app.app_context():
        submitted_review()
        made = draft(2026)
        assert made.rows and made.hidden == len(made.rows)
        with pytest.raises(Invalid, match="đều phải giấu"), transaction():
            publish(actor_for(Role.ADMINISTRATOR), made)
        assert {len(row.path) for row in made.rows if row.table == "classes"} == {0, 1, 2}
