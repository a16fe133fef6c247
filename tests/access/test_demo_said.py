"""Whatever was made with a DEMO points table says so, on every page, paper and export; once a table is official,
nothing does.

Every address that the registry, the roster, the programme's staff and the office can open is either opened here, over
one commune's small story, or listed with the reason why no point of a table reaches it. A new page that is in neither
list fails; so does one that forgets the word.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from households.models import Household
from places.queries import province_of
from registry.fairness.models import OfficerQuestion, Recheck
from registry.models import Review
from registry.phones import operations as phones
from registry.phones.entries import Sent
from registry.phones.rules import Kind
from registry.procedure.models import Recognition, ReviewCase, VillageMeeting
from registry.published.operations import publish
from registry.standards.files import shipped
from registry.standards.operations import approve, propose_points
from registry.standards.queries import form_of
from tests.factories import needs, procedure, registry, sales
from tests.factories.accounts import actor_for, sign_in
from tests.registry_figures.world import invented_draft

PARTS = ("registry", "households", "programme", "office")
NEW, OLD = "vn-2027-2030", "vn-2022-2025"
ROUND = 2025  # the published one; the story's own is that of the clock


@dataclass
class Story:
    """A commune: a family that was recognised, a list on the wall, a household that waits for the meeting."""

    family: Actor
    officer: Actor
    province: Actor
    keeper: Actor
    staff: Actor
    names: dict[str, str] = field(default_factory=dict)


def make_official(keeper: Actor) -> None:
    """Both standards get points that a second administrator approved."""
    points = form_of(OLD)["b1"]["points"]["items"]
    table = form_of(OLD)["b1"]["points"] | {"items": points}
    for standard_id, limit in ((OLD, None), (NEW, {"rural": 150, "urban": 180})):
        with transaction():
            sent = propose_points(keeper, shipped()[standard_id], table, limit, "Thông tư thử, Phụ lục III")
            key = sent.key
        second = actor_for(Role.ADMINISTRATOR)
        with transaction():
            approve(second, key)


def lived(*, official: bool) -> Story:
    """The story, by the verbs that people use. official: whether the tables were approved before it began."""
    keeper = actor_for(Role.ADMINISTRATOR)
    if official:
        make_official(keeper)
    _officer, case = procedure.recognised()
    story = Story(
        registry.resident(db.session.get_one(Household, case.household_id))[0],
        actor_for(Role.COMMUNE_OFFICER, unit_id=case.commune_id),
        actor_for(Role.PROVINCE_OFFICER, unit_id=province_of(case.commune_id).id),
        keeper,
        actor_for(Role.PROJECT_STAFF),
    )
    said = {"case": case.key, "home": db.session.get_one(Household, case.household_id).key}
    said["review"] = db.session.get_one(Review, case.review_id).key
    said["number"] = db.session.query(Recognition).filter_by(case_id=case.id).one().certificate_number or ""
    said["meeting"] = db.session.query(VillageMeeting).one().key
    home = db.session.get_one(Household, case.household_id)
    said["need"] = needs.said_need(home, actor=story.family).key
    said["sales"] = sales.sent(db.session.get_one(Household, case.household_id)).key
    said["differs"] = looked_at_again(case, story, "differs")
    _officer, hung, wall = procedure.posted()
    said |= {"wall": wall.key, "looks": looked_at_again(hung, story, "waiting")}
    said["entry"] = differs_from_a_phone(story)
    with transaction():
        publish(keeper, replace(invented_draft(ROUND), is_demo=not official))
    story.names = said
    return story


def looked_at_again(case: ReviewCase, story: Story, state: str) -> str:
    """A case drawn for this officer; done, where it differs."""
    done: dict[str, Any] = {
        "found": "none",
        "found_at": clock.now(),
        "found_by_user_id": story.officer.user_id,
    }
    with transaction():
        made = Recheck(key=f"recheck-{state}", case_id=case.id, province_id=story.province.unit_id,
                       round_year=2026, officer_user_id=story.officer.user_id, drawn_at=clock.now(),
                       due_on=clock.today(), state=state, **(done if state == "differs" else {}))  # fmt: skip
        db.session.add(made)
        if state == "waiting":
            asked = OfficerQuestion(user_id=story.officer.user_id, province_id=story.province.unit_id, round_year=2026,
                                    kind="heaped", found_count=9, whole_count=10, beside_count=0,
                                    beside_whole_count=0, counted_at=clock.now())  # fmt: skip
            db.session.add(asked)
    return f"recheck-{state}"


def differs_from_a_phone(story: Story) -> str:
    """A visit brought by a phone that never saw the one written here."""
    _officer, seen = procedure.visited()
    key = str(uuid4())
    with transaction():
        given = Sent(Kind.VISIT, "?", seen.key, {"chosen": "near_poor", "note": "Có hai xe máy, ruộng rộng"})
        phones.arrive(story.officer, key, given)
    return key


Opens = tuple[str, str]  # who, and the address; {names} are the story's
DEPENDS: dict[str, Opens] = {
    "registry.queue": ("officer", "/registry"),
    "registry.review": ("officer", "/registry/reviews/{review}"),
    "registry.result": ("family", "/declare/{review}/result"),
    "record.mine": ("family", "/me/record"),
    "needs.one": ("family", "/needs/{need}"),
    "needs.handle": ("officer", "/registry/needs/{need}"),
    "sales_evidence.own": ("family", "/declare/sales/{sales}"),
    "sales_evidence.listed": ("officer", "/registry/sales"),
    "sales_evidence.one": ("officer", "/registry/sales/{sales}"),
    "procedure.board": ("officer", "/registry/procedure"),
    "procedure.case": ("officer", "/registry/procedure/{case}"),
    "procedure.certificate": ("officer", "/registry/procedure/{case}/certificate"),
    "procedure.mine": ("family", "/declare/case"),
    "procedure.my_certificate": ("family", "/declare/case/certificate"),
    "procedure.posting": ("", "/posting/{wall}"),
    "procedure.objection": ("", "/posting/{wall}/objection"),
    "procedure.certificate_facts": ("", "/verify/certificate/{number}"),
    "papers_of_cases.meeting": ("officer", "/registry/papers/meetings/{meeting}.pdf"),
    "papers_of_cases.posting": ("officer", "/registry/papers/postings/{wall}.pdf"),
    "papers_of_cases.of_case": ("officer", "/registry/papers/cases/{case}/form_b.pdf"),
    "papers_of_cases.own": ("family", "/declare/papers/certificate.pdf"),
    "followup.listed": ("officer", "/registry/followup"),
    "followup.home": ("officer", "/registry/followup/{home}"),
    "followup.mine": ("family", "/declare/plan"),
    "fairness.mine": ("officer", "/registry/fairness/mine"),
    "fairness.look": ("officer", "/registry/fairness/looks/{looks}"),
    "fairness.province": ("province", "/registry/fairness"),
    "fairness.difference": ("province", "/registry/fairness/{differs}"),
    "phones.choose": ("officer", "/declare/entries/{entry}/choose"),
    "standards.listed": ("province", "/registry/standards"),
    "standards.one": ("province", f"/registry/standards/{OLD}"),
    "standards.trial": ("province", f"/registry/standards/{NEW}/try"),
    "figures.round_": ("officer", "/registry/figures?round=2026"),
    "figures.workbook_": ("officer", "/registry/figures.xlsx?round=2026"),
    "figures.paper_": ("officer", "/registry/figures.pdf?round=2026"),
    "published.desk": ("keeper", "/registry/published"),
    "published.figures": ("", f"/figures?round={ROUND}"),
    "published.table_csv": ("", f"/figures/{ROUND}/classes.csv"),
    "programme.poverty": ("staff", f"/programme/poverty?round={ROUND}"),
}
SENT: dict[str, tuple[str, str, dict[str, str]]] = {  # files that a button sends for
    "record.copy": ("family", "/me/record/copy", {}),
    "phones.take_list": ("officer", "/declare/offline/list", {"village": ""}),
}
COMMANDS = (  # `standards list` and `classify` read the program's own files without a database
    ("registry", "report", "classes", "--unit", "vn", "--round", "2026"),
    ("registry", "standards", "try", NEW),
)
DOES_NOT: dict[str, str] = {
    "confirming.*": "a family's PIN, mark and signed sheet: answers, before any point",
    "connectors.*": "keys of other programs; no arrow leads from the office to points",
    "goods.*": "goods of a cooperative",
    "households.*": "who lives in a household",
    "identity.*": "a person's papers",
    "roster.*": "who lives where, since when",
    "lists.*": "a commune's own lists as they came: what they say of class was not made with our points",
    "needs.listed": "which needs wait; no class is shown",
    "needs.mine": "which needs wait; no class is shown",
    "needs.say": "an empty form",
    "needs.say_for": "an empty form",
    "needs.schemes_listed": "conditions of schemes, of no household",
    "ocop.*": "a product's file",
    "office.*": "a cooperative's day",
    "offline.*": "a cooperative's pages without a line",
    "papers_of_cases.blank": "empty forms",
    "papers_of_cases.listed": "which meetings and lists there were; no class",
    "papers_of_cases.photo": "a photo as it was taken",
    "papers_of_cases.scans": "photos as they were taken",
    "passports.*": "a product's passport",
    "phones.arrived": "whether a form arrived",
    "phones.mine": "who works on this phone, and villages with counts",
    "phones.*_shell": "the same for everybody; classes come with the list, which is opened here",
    "phones.token": "a token",
    "phones.worker": "a program",
    "procedure.enrol": "who may be put on the list",
    "procedure.meeting": "an empty form",
    "programme.calls": "which cooperatives to ring",
    "programme.overview": "sales of cooperatives",
    "programme.reach": "producers as they declared themselves",
    "programme.revenue*": "sales of cooperatives",
    "published.dictionary": "what each column means, that of DEMO among them",
    "record.answer": "a family's request and its answer",
    "record.ask": "an empty form",
    "record.requests": "requests that wait",
    "records.*": "a cooperative's own data, the market's report",
    "registry.begin_help": "a code",
    "registry.check": "answers before they are scored",
    "registry.confirm": "answers before they are scored",
    "registry.declare": "which declarations there are; no class",
    "registry.help_household": "a phone number",
    "registry.new_household": "an empty form",
    "registry.question": "one question",
    "registry.resume": "only leads on",
    "safety.*": "breaches and their clock",
    "scanning.*": "a cooperative's parcels",
    "standards.blank_table": "the form of a table, to be filled in with official points",
    "standards.imported": "a table that was sent in as official and waits",
    "standards.send_points": "an empty form",
    "subsidies.*": "a project's money",
    "traits.*": "form C: causes and disability, no point",
    "walks.*": "traces and recalls of lots",
}


def test_every_address_says_demo_or_why_it_need_not(app: Flask) -> None:
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and app.view_functions[rule.endpoint].__module__.split(".")[0] in PARTS
    }
    excused = {name for name in found - set(DEPENDS) if any(fnmatch(name, one) for one in DOES_NOT)}
    assert found - set(DEPENDS) - excused == set(), "say DEMO there, and open it here; or say why it need not"
    assert set(DEPENDS) - found == set()
    assert [one for one in DOES_NOT if not any(fnmatch(name, one) for name in excused)] == []


def words_of(answer: Any) -> str:
    """What a page or a file says; of a table or a document with a field of its own, DEMO where that says so."""
    kind, data = answer.mimetype, answer.data
    if kind == "application/pdf":
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    if kind.endswith("spreadsheetml.sheet"):
        book = openpyxl.load_workbook(BytesIO(data), read_only=True)
        return "\n".join(str(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    if kind == "text/csv":
        said = {row["demo"] for row in csv.DictReader(StringIO(data.decode("utf-8-sig")))}
        return "DEMO" if "yes" in said else "official"
    return said_by(json.loads(data)) if kind == "application/json" else data.decode()


def said_by(document: Any) -> str:
    """DEMO where a field of the document is true, or its words say it."""
    if isinstance(document, dict):
        marked = any(document.get(name) is True for name in ("demo", "is_demo"))
        return " ".join([*(["DEMO"] if marked else []), *map(said_by, document.values())])
    return " ".join(map(said_by, document)) if isinstance(document, list) else str(document)


@pytest.fixture
def _without_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


def clients_of(app: Flask, story: Story) -> Callable[[str], FlaskClient]:
    made: dict[str, FlaskClient] = {}

    def client(who: str) -> FlaskClient:
        if who not in made:
            made[who] = app.test_client()
            if who:
                sign_in(made[who], getattr(story, who))
        return made[who]

    return client


@pytest.mark.parametrize("official", [False, True], ids=["demo", "official"])
@pytest.mark.usefixtures("_without_tokens")
def test_demo_is_said_everywhere_until_a_table_is_official_and_nowhere_after(
    app: Flask, official: bool
) -> None:
    with app.app_context():
        story = lived(official=official)
        village = db.session.query(ReviewCase).filter_by(key=story.names["case"]).one().village
        db.session.remove()
    client, wrong = clients_of(app, story), {}
    answers = {
        name: client(who).get(path.format(**story.names)) for name, (who, path) in sorted(DEPENDS.items())
    }
    for name, (who, path, fields) in SENT.items():
        answers[name] = client(who).post(path, data={one: given or village for one, given in fields.items()})
    for name, answer in answers.items():
        if answer.status_code != 200 or ("DEMO" in words_of(answer)) is official:
            wrong[name] = answer.status_code
    for command in COMMANDS:
        done = app.test_cli_runner().invoke(args=list(command))
        if done.exit_code != 0 or ("DEMO" in said_by(json.loads(done.stdout))) is official:
            wrong[" ".join(command)] = done.exit_code
    assert wrong == {}
