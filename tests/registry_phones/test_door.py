"""What a phone brings of declaring arrives once, writes over nobody, and is refused in words."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image

from accounts.rules import Actor, Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from households.models import Household
from registry import operations as declaring
from registry import queries as declarations
from registry.confirming import queries as marks
from registry.models import Review
from registry.phones import operations, queries
from registry.phones.entries import Sent
from registry.phones.models import PhoneEntry
from registry.phones.rules import UNKNOWN, Kind
from registry.procedure import operations as procedure
from registry.procedure.models import ReviewCase
from registry.procedure.queries import case_of_household
from registry.procedure.rules import Origin
from registry.record.held import held
from registry.record.queries import touches
from tests.factories.accounts import actor_for, sign_in
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.registry import POOR, WELL, fill, resident


def key() -> str:
    return str(uuid4())


def own(**more: Any) -> Sent:
    return replace(Sent(Kind.OWN, UNKNOWN, answers=POOR), **more)


def bring(who: Actor, sent: Sent, under: str = "") -> PhoneEntry:
    with transaction():
        return operations.arrive(who, under or key(), sent)


def standing(household_id: int) -> dict[str, str]:
    found = queries.newest(household_id)
    return {name: str(value) for name, value in declarations.answers_of(found).items()} if found else {}


@pytest.fixture
def village(ctx: Flask) -> tuple[Actor, Actor, Household, ReviewCase]:
    """Two officers of a commune, and a household on the round's list."""
    home = create_household(head="Bàn Thị Lềnh")
    first = replace(actor_for(Role.COMMUNE_OFFICER, unit_id=home.commune_id), name="Hà Thị Một")
    second = replace(actor_for(Role.COMMUNE_OFFICER, unit_id=home.commune_id), name="Hà Thị Hai")
    with transaction():
        procedure.enrol(first, [home.id], Origin.ROUND)
    case = case_of_household(home.id)
    assert case is not None
    return first, second, home, case


def the_row(who: Actor, home: Household) -> dict[str, Any]:
    with transaction():
        return dict(operations.take_list(who, home.village)["rows"][0])


def form_b(row: dict[str, Any], answers: dict[str, str] | None = None, witness: str = "") -> Sent:
    return Sent(Kind.ANSWERS, row["base_b"], row["case"], answers or POOR, witness=witness)


# ---- the household's own ----


def test_a_declaration_written_without_a_line_arrives_once_and_is_scored(ctx: Flask) -> None:
    who, home = resident()
    mine = key()
    entries = [bring(who, own(), mine).id for _again in range(3)]
    assert len(set(entries)) == 1 and db.session.query(Review).count() == 1
    review = queries.newest(home.id)
    assert review is not None and (review.state, review.confirmed_how) == ("submitted", "self")
    assert standing(home.id) == POOR and len(review.results) == 2
    assert db.session.query(PhoneEntry).one().body is None


def test_other_answers_under_a_key_that_arrived_are_refused(ctx: Flask) -> None:
    who, home = resident()
    mine = key()
    bring(who, own(), mine)
    with pytest.raises(Conflict):
        bring(who, own(answers=WELL), mine)
    assert standing(home.id) == POOR


def test_part_of_a_declaration_goes_on_on_another_device(ctx: Flask) -> None:
    who, home = resident()
    bring(who, own(answers={"people": "4"}, done=False))
    review = queries.newest(home.id)
    assert review is not None and review.state == "draft" and len(declaring.unanswered(review)) == 24


def test_what_differs_from_the_familys_own_draft_waits_for_the_family(ctx: Flask) -> None:
    who, home = resident()
    with transaction():
        begun = declaring.start(who)
    fill(who, begun, {"people": "2"})
    entry_key = bring(who, own()).key
    assert standing(home.id) == {"people": "2"}
    assert [one.key for one in queries.differing(who)] == [entry_key]
    with transaction():
        operations.settle(who, entry_key, use=True)
    assert standing(home.id) == POOR and queries.differing(who) == []
    with pytest.raises(Conflict), transaction():
        operations.settle(who, entry_key, use=False)


def test_unreadable_answers_are_refused_and_nothing_is_kept(ctx: Flask) -> None:
    who, _home = resident()
    for sent in (own(answers={"people": "31"}), own(answers={"roof": "gold"}), own(answers={"no_such": "1"})):
        with pytest.raises(Invalid):
            bring(who, sent)
    with pytest.raises(Invalid):
        bring(who, own(), "not-a-key")
    assert db.session.query(Review).count() == db.session.query(PhoneEntry).count() == 0


# ---- the list of the day ----


def test_the_list_carries_what_the_forms_need_and_each_household_sees_that_it_travelled(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, _case = village
    with transaction():
        taken = operations.take_list(first, home.village)
    assert taken["until"] - taken["now"] == 86_400
    (row,) = taken["rows"]
    assert set(row) == {"case", "head", "form_a", "form_b", "visits", "meets", "asked", "base_a", "base_b", "base_c",
                        "score", "chosen", "declared", "is_demo"}  # fmt: skip
    assert row["head"] == "Bàn Thị Lềnh" and row["form_a"] and not row["declared"]
    assert "take case along" in [one.verb for one in touches(home)]


def test_nobody_takes_along_another_village_their_kin_or_another_commune(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, _case = village
    kin, _home = resident(home, "Bàn Thị Con")
    mine = replace(kin, role=Role.COMMUNE_OFFICER, unit_id=home.commune_id)
    with transaction():
        assert operations.take_list(mine, home.village)["rows"] == []
    for stranger in (
        actor_for(Role.VILLAGE_HEAD, unit_id=home.commune_id, village="Thôn Khác"),
        actor_for(Role.COMMUNE_OFFICER, unit_id=commune("Cầu Giấy").id),
    ):
        with transaction():
            if stranger.role is Role.COMMUNE_OFFICER:
                assert operations.take_list(stranger, home.village)["rows"] == []
                continue
        with pytest.raises(NotFound), transaction():
            operations.take_list(stranger, home.village)
    with pytest.raises(NotAllowed), transaction():
        operations.take_list(replace(first, role=Role.BUYER), home.village)


# ---- forms A and B ----


def test_form_a_screens_once(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, case = village
    row, mine = the_row(first, home), key()
    for _again in range(2):
        bring(first, Sent(Kind.SCREEN, row["base_a"], row["case"], goes_on=True, note="Nhà dột"), mine)
    assert case.state == "screened"


def test_form_b_waits_for_the_familys_yes_and_a_marked_sheet_is_one(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, _case = village
    mine = key()
    bring(first, form_b(the_row(first, home), witness="Lý Văn Trưởng"), mine)
    review = queries.newest(home.id)
    assert review is not None and review.state == "to_confirm" and review.helped_by_user_id == first.user_id
    for _again in range(2):
        with transaction():
            operations.bring_photo(first, mine, key(), b"the sheet")
    assert (review.state, review.confirmed_how) == ("submitted", "mark")
    assert (marks.witness_of(review), marks.photo_of(review)) == ("Lý Văn Trưởng", b"the sheet")
    kept = marks.mark_of(review)
    assert (
        kept is not None and b"the sheet" not in (kept.photo or b"") and "Trưởng".encode() not in kept.witness
    )


def test_two_officers_who_say_different_things_are_shown_side_by_side_and_one_chooses(village) -> None:  # type: ignore[no-untyped-def]
    first, second, home, _case = village
    one, other = the_row(first, home), the_row(second, home)
    bring(first, form_b(one))
    entry = bring(second, form_b(other, POOR | {"roof": "durable"})).key
    assert standing(home.id)["roof"] == "temporary", "nothing is merged in silence"
    assert [row.key for row in queries.differing(first)] == [entry]
    with transaction():
        operations.settle(first, entry, use=False)
    assert standing(home.id)["roof"] == "temporary"
    again = bring(second, form_b(other, POOR | {"roof": "sheet"})).key
    with transaction():
        operations.settle(second, again, use=True)
    assert standing(home.id)["roof"] == "sheet"
    found = queries.newest(home.id)
    assert found is not None and (found.state, found.helped_by_user_id) == ("to_confirm", second.user_id)


def test_two_officers_who_say_the_same_are_no_conflict(village) -> None:  # type: ignore[no-untyped-def]
    first, second, home, _case = village
    one, other = the_row(first, home), the_row(second, home)
    bring(first, form_b(one))
    assert bring(second, form_b(other)).state == "taken" and queries.differing(first) == []


def test_form_a_of_a_case_that_went_on_is_shown_and_can_only_be_laid_aside(village) -> None:  # type: ignore[no-untyped-def]
    first, second, home, case = village
    other = the_row(second, home)
    with transaction():
        procedure.screen(first, case.key, goes_on=True, note="Ba con nhỏ")
    sent = Sent(Kind.SCREEN, other["base_a"], other["case"], goes_on=False, note="Có xe tải")
    entry = bring(second, sent).key
    assert case.state == "screened"
    with pytest.raises(Conflict), transaction():
        operations.settle(second, entry, use=True)
    with transaction():
        operations.settle(first, entry, use=False)
    assert case.state == "screened"


def test_what_a_family_began_by_itself_is_neither_written_over_nor_read_by_an_officer(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, _case = village
    row = the_row(first, home)
    family, _home = resident(home, "Bàn Văn Con")
    with transaction():
        begun = declaring.start(family)
    fill(family, begun, {"people": "2"})
    late = the_row(first, home)
    entry = bring(first, form_b(late)).key
    assert standing(home.id) == {"people": "2"}
    with pytest.raises(NotAllowed), transaction():
        operations.settle(first, entry, use=True)
    assert queries.differing(first) == [] and [one.key for one in queries.differing(family)] == [entry]
    with transaction():
        operations.settle(family, entry, use=True)
    assert standing(home.id) == POOR and row["base_b"] == ""
    newest = queries.newest(home.id)
    assert newest is not None and newest.state == "draft", "the family looks it through and sends it itself"


def test_an_officer_who_is_kin_brings_no_form(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, _case = village
    row = the_row(first, home)
    kin, _home = resident(home, "Bàn Thị Con")
    officer = replace(kin, role=Role.COMMUNE_OFFICER, unit_id=home.commune_id)
    with pytest.raises((NotAllowed, NotFound)):
        bring(officer, form_b(row))


def test_the_family_reads_in_its_record_what_phones_brought(village) -> None:  # type: ignore[no-untyped-def]
    first, _second, home, _case = village
    bring(first, form_b(the_row(first, home), witness="Lý Văn Trưởng"))
    said = [line for section in held(home) for entry in section.entries for line in entry.lines]
    assert any("Lý Văn Trưởng" in words for line in said for words in line)
    assert db.session.query(AuditLine).filter_by(verb="bring from phone").count() == 1


# ---- over HTTP ----


def sheet() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(out, "JPEG")
    return out.getvalue()


def test_a_phone_speaks_to_the_door_and_the_photo_of_the_sheet_is_drawn_anew(app: Flask) -> None:
    import hashlib

    with app.app_context():
        home = create_household(head="Bàn Thị Lềnh")
        officer, place = actor_for(Role.COMMUNE_OFFICER, unit_id=home.commune_id), home.village
        with transaction():
            procedure.enrol(officer, [home.id], Origin.ROUND)
    client = app.test_client()
    sign_in(client, officer)
    token = client.get("/declare/offline/token").get_json()
    assert token["village"] and token["villages"] == {place: 1} and len(token["key"]) == 64
    headers = {"X-CSRFToken": token["token"], "Accept": "application/json"}
    (row,) = client.post("/declare/offline/list", data={"village": place}, headers=headers).get_json()["rows"]
    mine = key()
    fields = {"kind": "answers", "case": row["case"], "base": row["base_b"], "answers": json.dumps(POOR),
              "witness": "Lý Văn Trưởng", "key": mine}  # fmt: skip
    answers = [client.post("/declare/offline/entries", data=fields, headers=headers) for _again in range(2)]
    assert [one.get_json() for one in answers] == [{"url": f"/declare/entries/{mine}"}] * 2
    whole, photo = sheet(), key()
    path = f"/declare/offline/entries/{mine}/photos/{photo}?sha256="
    assert client.post(path + "0" * 64, data=whole, headers=headers).status_code == 409
    good = path + hashlib.sha256(whole).hexdigest()
    assert client.post(good, data=whole, headers=headers).get_json() == {"photo": photo}
    with app.app_context():
        review = db.session.query(Review).one()
        assert review.confirmed_how == "mark" and (marks.photo_of(review) or b"")[8:12] == b"WEBP"
        shown = client.get(f"/declare/{review.key}/mark/photo")
    assert shown.headers["Cache-Control"] == "no-store" and shown.data[8:12] == b"WEBP"
    wrong = client.post(
        "/declare/offline/entries", data=fields | {"key": key(), "kind": "?"}, headers=headers
    )
    assert wrong.status_code == 422 and wrong.get_json()["message"]


def test_the_kept_pages_are_the_same_for_everybody_and_the_worker_keeps_no_other(app: Flask) -> None:
    with app.app_context():
        who, _home = resident()
    stranger, family = app.test_client(), app.test_client()
    sign_in(family, who)
    for path in ("/declare/offline", "/declare/offline/village", "/declare/offline/phone"):
        answer = family.get(path)
        assert answer.data == stranger.get(path).data and "csrf" not in answer.get_data(as_text=True)
    script = stranger.get("/declare/offline/worker.js")
    assert script.headers["Service-Worker-Allowed"] == "/"
    kept = json.loads(script.get_data(as_text=True).split("const KEPT = ")[1].split(";\n")[0])
    assert [one for one in kept if not one.startswith(("/static/", "/declare/offline"))] == []
    for address in kept:
        with stranger.get(address) as answer:
            assert answer.status_code == 200, address


def test_a_list_over_its_day_is_told_by_the_servers_clock(app: Flask) -> None:
    with app.app_context():
        officer = actor_for(Role.COMMUNE_OFFICER, unit_id=commune().id)
    client = app.test_client()
    sign_in(client, officer)
    before = client.get("/declare/offline/token").get_json()["now"]
    with clock.use(clock.now() + timedelta(hours=1)):
        assert client.get("/declare/offline/token").get_json()["now"] - before == 3_600


# ---- the household's PIN ----


def test_a_household_confirms_by_its_pin_and_five_wrong_ones_end_the_day(app: Flask) -> None:
    with app.app_context():
        who, home = resident()
        helper = actor_for(Role.DIGITAL_TEAM, unit_id=home.commune_id)
        with transaction():
            begun = declaring.start_for(helper, home.id, asked=True)
        review_key = fill(helper, begun, POOR)
        with transaction():
            declaring.finish(helper, review_key)
    app.config["WTF_CSRF_ENABLED"] = False
    family, phone = app.test_client(), app.test_client()
    sign_in(family, who)
    sign_in(phone, helper)
    easy = family.post("/declare/pin", data={"pin": "123456", "again": "123456"})
    assert easy.status_code == 422 and "dễ đoán" in easy.get_data(as_text=True)
    assert family.post("/declare/pin", data={"pin": "428316", "again": "428316"}).status_code == 302
    path = f"/declare/{review_key}/confirm"
    wrong = phone.post(path, data={"step": "pin", "code": "000001"})
    assert wrong.status_code == 422 and "PIN không đúng" in wrong.get_data(as_text=True)
    assert phone.post(path, data={"step": "pin", "code": "428316"}).status_code == 302
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        assert db.session.query(Review).one().confirmed_how == "pin"
