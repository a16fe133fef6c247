"""The XLSForm, submissions taken in once, lists by page and by command."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from pyxform import builder, xls2json
from sqlalchemy import func, select

from accounts.models import User
from accounts.rules import Actor, Role
from core.db import db, transaction
from core.errors import Invalid
from households.imports.models import RosterImport
from households.models import Person
from households.roster.queries import listed
from registry.lists.files import read_rows
from registry.lists.submissions import instance_of, read_submissions, take
from registry.lists.xlsform import EN, VI, xlsform
from registry.models import Review
from registry.queries import answers_of
from registry.questions import BY_ID, QUESTIONS
from tests.accounts.test_views import token
from tests.factories.accounts import actor_for, sign_in
from tests.factories.places import commune
from tests.households_imports.test_rules import MESSY

SENT = {
    "meta": {"instanceID": "uuid:11111111-aaaa"},
    "agreed": "yes",
    "household": {
        "head_name": "Lý Thị Mẫu",
        "head_birth_year": 1984,
        "village": "Thôn Chè Cọ",
        "phone": None,
    },
    "answers": {"people": 5, "pension": "no", "walls": "wood"},
}


def officer() -> Actor:
    """The commune's officer."""
    return actor_for(Role.COMMUNE_OFFICER, None, commune("Côn Minh").id)


def workbook() -> bytes:
    """The messy list as a workbook."""
    book = Workbook()
    for row in MESSY:
        book.worksheets[0].append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_form_is_a_valid_xlsform_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "declaration.xlsx"
    file.write_bytes(xlsform())
    told: list[str] = []
    survey = builder.create_survey_element_from_dict(
        xls2json.parse_file_to_json(str(file), default_name="data", warnings=told)
    )
    xml = survey.to_xml(validate=False)
    assert told == []
    assert all(f"/answers/{one.id}" in xml for one in QUESTIONS)
    assert f'lang="{VI}"' in xml
    assert f'lang="{EN}"' in xml


def test_the_form_offers_what_a_declaration_takes_and_not_known_always() -> None:
    rows = list(load_workbook(BytesIO(xlsform()))["choices"].values)[1:]
    for one in QUESTIONS:
        offered = {row[1] for row in rows if row[0] == one.id}
        wanted = {value for value, _words in one.options} | {"unknown"} if one.kind == "choice" else set()
        assert offered == wanted
    assert all(row[2] and row[3] for row in rows)


def test_a_submission_becomes_a_draft_that_the_household_confirms_and_only_once(ctx: Flask) -> None:
    me = officer()
    records = read_submissions(json.dumps({"value": [SENT, {"agreed": "yes"}, 7, SENT]}).encode())
    assert records is not None
    said = [take(me, one) for one in records]
    assert [one["ok"] for one in said] == [True, False, False, True]
    assert [said[0]["result"], said[3]["result"]] == ["added", "known"]
    review = db.session.execute(select(Review)).scalar_one()
    assert (review.state, review.helped_by_user_id, review.village) == (
        "to_confirm",
        me.user_id,
        "Thôn Chè Cọ",
    )
    answers = answers_of(review)
    assert (answers["people"], answers["walls"], answers["children"]) == (5, "wood", "unknown")
    assert set(answers) == set(BY_ID)


def test_a_bad_answer_refuses_its_record_whole(ctx: Flask) -> None:
    me = officer()
    before = db.session.execute(select(func.count()).select_from(Person)).scalar_one()
    for change in ({"agreed": "no"}, {"answers": {"people": "many"}}, {"household": {"village": "Một"}}):
        records = read_submissions(json.dumps([SENT | change]).encode())
        assert records is not None
        assert take(me, records[0])["ok"] is False
    assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == before
    assert take(me, read_submissions(json.dumps([SENT]).encode())[0])["result"] == "added"  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        "SubmissionDate,agreed,household-head_name,household-village,answers-people,meta-instanceID\n"
        "2026-11-22,yes,Lý Thị Mẫu,Một,5,uuid:22\n",
        "agreed;household/head_name;household/village;answers/people;_uuid\nyes;Lý Thị Mẫu;Một;5;22\n",
    ],
)
def test_csv_of_both_servers_reads_alike(text: str) -> None:
    records = read_submissions(text.encode("utf-8-sig"))
    assert records is not None
    assert (instance_of(records[0]), records[0]["head_name"], records[0]["people"]) == (
        "22",
        "Lý Thị Mẫu",
        "5",
    )


def test_what_is_no_submission_is_a_list_or_refused() -> None:
    assert read_submissions("Họ và tên,Năm sinh\n".encode()) is None
    with pytest.raises(Invalid):
        read_submissions(b"[{")
    with pytest.raises(Invalid):
        read_rows(b"%PDF-1.7")


def test_a_list_is_sent_looked_over_and_accepted_in_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        me = officer()
    sign_in(client, me)
    csrf = {"csrf_token": token(client.get("/roster-lists").text)}
    form = csrf | {"key": "listofthecommune", "sheet": (BytesIO(workbook()), "danh sach.xlsx")}
    sent = client.post("/roster-lists", data=form)
    assert sent.status_code == 302
    page = client.get(sent.location)
    assert page.status_code == 200
    assert "E9" in page.text
    assert "31/02/2001" in page.text
    assert client.get(f"{sent.location}/columns").status_code == 200
    done = client.post(sent.location, data=csrf | {"doubles": "wait"}, follow_redirects=True)
    assert done.status_code == 200
    with app.app_context():
        assert db.session.execute(select(RosterImport.added_count)).scalar_one() == 3
        assert listed(me)[1] == 2


def test_a_file_without_a_list_is_refused_in_the_form(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        me = officer()
    sign_in(client, me)
    csrf = {"csrf_token": token(client.get("/roster-lists").text)}
    answer = client.post("/roster-lists", data=csrf | {"sheet": (BytesIO(b"%PDF-1.7"), "a.pdf")})
    assert answer.status_code == 422
    assert "không phải bảng" in answer.text


def test_the_command_takes_a_list_or_submissions_line_by_line(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), transaction():
        me = officer()
        phone = db.session.get_one(User, me.user_id).phone
    table, forms = tmp_path / "list.xlsx", tmp_path / "forms.json"
    table.write_bytes(workbook())
    forms.write_text(json.dumps([SENT, {}]))
    run = app.test_cli_runner()
    dry = run.invoke(args=["households", "import", str(table), "--officer", phone, "--dry-run"])
    first, again = (
        [json.loads(line) for line in run.invoke(args=["households", "import", str(table), "--officer", phone])
         .output.splitlines()] for _time in range(2)
    )  # fmt: skip
    assert [line["result"] for line in first] == ["new", "new", "new", "faulty", "faulty"]
    assert [json.loads(line)["result"] for line in dry.output.splitlines()] == [
        one["result"] for one in first
    ]
    assert [line["result"] for line in again] == ["known"] * 3 + ["faulty"] * 2
    assert first[4]["faults"][0]["cell"] == "E9"
    assert "Mẫu" not in str(first)
    said = run.invoke(args=["households", "import", str(forms), "--officer", phone]).output.splitlines()
    assert [json.loads(line)["ok"] for line in said] == [True, False]
    stranger = run.invoke(args=["households", "import", str(forms), "--officer", "0987654321"])
    assert json.loads(stranger.output)["ok"] is False


def test_the_form_is_exported_without_a_database(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    assert (
        app.test_cli_runner().invoke(args=["households", "export-xlsform", "--to", str(file)]).exit_code == 0
    )
    assert load_workbook(file).sheetnames == ["survey", "choices", "settings"]
