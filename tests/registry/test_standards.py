"""Standards as dated files: shaped, sensible, hashed, frozen at first use, the same words as the pages ask."""

import copy
import json
from datetime import date
from typing import Any

import jsonschema
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Role
from app.i18n import english
from core.db import db, transaction
from core.errors import Conflict, NotAllowed
from registry import operations, queries, tasks
from registry.models import ReviewResult, StandardUse
from registry.questions import INDICATOR_NAMES, ITEM_NAMES, QUESTIONS, option_words
from registry.standards.files import shipped, text_of
from registry.standards.operations import approve, propose_standard, refuse, use
from registry.standards.queries import changed_since_used, scored_under, standard, standards
from registry.standards.rules import Unusable, parse_standard
from registry.standards.schema import faults, the_schema
from tests.factories.accounts import actor_for
from tests.factories.registry import proposed_points, submitted_review

IDS = ("vn-2022-2025", "vn-2027-2030")


def raw(standard_id: str = IDS[0]) -> dict[str, Any]:
    return dict(json.loads(text_of(standard_id)))


def test_the_two_standards_are_shipped_with_their_dates() -> None:
    rows = [(one.id, one.valid_from, one.valid_to, one.is_demo) for one in shipped().values()]
    assert rows == [
        ("vn-2022-2025", date(2022, 1, 1), date(2026, 12, 31), True),
        ("vn-2027-2030", date(2027, 1, 1), date(2030, 12, 31), True),
    ]


def test_the_facts_that_were_read_stand_in_the_file() -> None:
    now, later = shipped().values()
    assert (now.b1_limit, now.poor_from_b2, now.points_per_indicator) == (
        {"rural": 140, "urban": 175},
        30,
        10,
    )
    assert (now.income_line_vnd, later.income_line_vnd) == (
        {"rural": 1_500_000, "urban": 2_000_000},
        {"rural": 2_200_000, "urban": 2_800_000},
    )
    assert later.b1_limit is None and later.b1_table is None
    first, second = ({one.code for one in standard.indicators} for standard in (now, later))
    assert (first - second, second - first, len(second)) == ({"information_means"}, {"waste"}, 12)


def test_every_row_says_its_source_and_whether_it_was_read() -> None:
    for standard_id in IDS:
        form = raw(standard_id)
        points = form["b1"]["points"]
        rows = [
            *form["b2"]["indicators"],
            *form["questions"],
            *form["classes"],
            *(points["items"] if points else []),
        ]
        assert all(row["source"] and isinstance(row["verified"], bool) for row in rows)
        assert points is None or (points["demo"] and not points["verified"])


def test_what_the_pages_ask_is_what_the_file_says_in_both_languages(app: Flask) -> None:
    said = {key: text for (_context, key), text in english().messages.items()}
    for standard_id in IDS:
        form = raw(standard_id)
        asked = {row["code"]: row for row in form["questions"]}
        assert list(asked) == [one.id for one in QUESTIONS]
        for one in QUESTIONS:
            row = asked[one.id]
            assert (row["vi"], row["en"], row["kind"]) == (one.text, said[one.text], one.kind)
            options = [(option["code"], option["vi"]) for option in row.get("options", [])]
            assert options == list(one.options)
            with app.test_request_context("/?hl=en"):
                assert all(
                    option["en"] == option_words(one, option["code"]) for option in row.get("options", [])
                )
            assert {"Có": "Yes", "Không": "No"}.items() >= {
                (option["vi"], option["en"])
                for option in row.get("options", [])
                if option["vi"] in ("Có", "Không")
            }
            assert one.kind == "choice" or (row["low"], row["high"]) == (one.low, one.high)
        assert all(INDICATOR_NAMES[row["code"]] == row["vi"] for row in form["b2"]["indicators"])
        assert all(
            ITEM_NAMES[row["code"]] == row["vi"] for row in (form["b1"]["points"] or {"items": []})["items"]
        )


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in _places(one, (*path, key)))]


PLACES = _places(raw())
ODD = st.sampled_from([None, True, -1, 10**12, "", "x" * 700, "A B", [], {}, 1.5, {"vi": "a"}, ["a"]])


@given(st.sampled_from(PLACES[1:]), ODD, st.sampled_from(["put", "drop", "add"]))
def test_our_checker_agrees_with_json_schema(place: tuple[Any, ...], odd: Any, how: str) -> None:
    form = copy.deepcopy(raw())
    holder: Any = form
    for key in place[:-1]:
        holder = holder[key]
    if how == "put":
        holder[place[-1]] = odd
    elif how == "drop":
        del holder[place[-1]]
    elif isinstance(holder, dict):
        holder["khac"] = odd
    else:
        holder.append(odd)
    theirs = jsonschema.Draft202012Validator(the_schema()).is_valid(form)
    assert (faults(form) == []) is theirs


@pytest.mark.parametrize("standard_id", IDS)
def test_the_shipped_files_meet_the_schema(standard_id: str) -> None:
    jsonschema.Draft202012Validator.check_schema(the_schema())
    jsonschema.Draft202012Validator(the_schema()).validate(raw(standard_id))
    assert faults(raw(standard_id)) == []


def _set(form: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    *inner, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    holder: Any = form
    for key in inner:
        holder = holder[key]
    holder[last] = value
    return form


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("to", "2021-01-01", "before from"),
        ("from", "2026-02-30", "from, to"),
        ("area/code", "lao", "country's code"),
        ("b2/indicators/0/rule", {"is": {"question": "jobless", "among": ["maybe"]}}, "no answer 'maybe'"),
        ("b2/indicators/1/code", "employment", "stands there twice"),
        (
            "b2/indicators/1/rule",
            {"more_than_half": {"parts": ["walls"], "of": "people"}},
            "no question with a number",
        ),
        ("b1/points/items/0/question", "nobody", "no question 'nobody'"),
        ("b1/points/items/0/options/2/below", 9, "do not meet"),
        ("b1/points/items/1/options/0/points", [1, 2], "2 points for 7 columns"),
        ("b1/points/columns/6", "thanh-thi", "no column 'urban'"),
    ],
)
def test_a_file_of_the_right_shape_without_sense_is_refused(path: str, value: Any, said: str) -> None:
    with pytest.raises(Unusable) as refused:
        parse_standard(json.dumps(_set(raw(), path, value)))
    assert any(said in one for one in refused.value.faults), refused.value.faults


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"id": "x"}', "[" * 100_000])
def test_what_is_no_standard_at_all_is_refused_with_its_faults(text: str) -> None:
    with pytest.raises(Unusable) as refused:
        parse_standard(text)
    assert refused.value.faults


def test_the_hash_knows_every_change_and_no_spaces() -> None:
    form = raw()
    assert parse_standard(json.dumps(form, indent=4)).file_hash == shipped()[IDS[0]].file_hash
    form["questions"][0]["vi"] += " "
    assert parse_standard(json.dumps(form)).file_hash != shipped()[IDS[0]].file_hash


def test_the_first_result_freezes_the_files_that_made_it(ctx: Flask) -> None:
    submitted_review()
    uses = {one.standard_id: one.hash for one in db.session.query(StandardUse)}
    assert uses == {one.id: one.file_hash for one in shipped().values()}


def test_a_file_that_changed_after_its_first_use_scores_nothing_more(ctx: Flask) -> None:
    submitted_review()
    changed = parse_standard(json.dumps(_set(raw(), "b1/limit/rural", 150)))
    with pytest.raises(Conflict), transaction():
        use(changed)
    assert changed_since_used([changed]) == {"vn-2022-2025"}
    assert changed_since_used(shipped().values()) == set()


def test_points_count_once_a_second_administrator_approved_them(ctx: Flask) -> None:
    sent = proposed_points()
    key, sender = sent.key, sent.proposed_by_user_id
    assert standard("vn-2022-2025").is_demo
    own = actor_for(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed), transaction():
        approve(own.__class__(user_id=sender, role=Role.ADMINISTRATOR), key)
    with pytest.raises(NotAllowed), transaction():
        approve(actor_for(Role.PROVINCE_OFFICER), key)
    with transaction():
        approve(own, key)
    now = standard("vn-2022-2025")
    assert not now.is_demo and now.hash != shipped()["vn-2022-2025"].hash
    assert now.file_hash == shipped()["vn-2022-2025"].file_hash
    assert standards()["vn-2027-2030"].is_demo
    with pytest.raises(Conflict), transaction():
        refuse(own, key)


def test_refused_points_change_nothing(ctx: Flask) -> None:
    key = proposed_points().key
    with transaction():
        refuse(actor_for(Role.ADMINISTRATOR), key)
    assert standard("vn-2022-2025").is_demo


def test_stored_declarations_are_scored_again_by_approved_points_and_the_demo_mark_goes(ctx: Flask) -> None:
    review = submitted_review()
    key = proposed_points().key
    assert tasks.rescore_stored() == 0
    with transaction():
        approve(actor_for(Role.ADMINISTRATOR), key)
    assert (tasks.rescore_stored(), tasks.rescore_stored()) == (1, 0)
    made = db.session.query(ReviewResult).filter_by(standard_id="vn-2022-2025").order_by(ReviewResult.id)
    assert [one.is_demo for one in made] == [True, False]
    assert made[1].b1_low_points == (made[0].b1_low_points or 0) + 15
    officer = actor_for(Role.COMMUNE_OFFICER, unit_id=review.commune_id)
    (row,), total = queries.queue(officer)
    assert (total, row.is_demo) == (1, False)
    assert queries.queue(officer, outcome=made[1].outcome)[1] == 1


def test_a_provinces_higher_line_gives_a_review_a_second_result(ctx: Flask) -> None:
    review = submitted_review()
    from places.queries import province_of

    form = _set(raw(), "id", "tinh-thu-2026")
    form["area"] = {"level": "province", "code": province_of(review.commune_id).code}
    form["b1"]["limit"]["rural"] = 160
    with transaction():
        key = propose_standard(actor_for(Role.ADMINISTRATOR), json.dumps(form), "Nghị quyết thử").key
    with transaction():
        approve(actor_for(Role.ADMINISTRATOR), key)
    ids = [one.standard_id for one in queries.explain(review, queries.answers_of(review))]
    assert ids == ["vn-2022-2025", "tinh-thu-2026", "vn-2027-2030"]
    assert [one.id for one in scored_under(date(2026, 11, 22), "no such")] == list(IDS)
    with pytest.raises(Conflict), transaction():
        propose_standard(actor_for(Role.ADMINISTRATOR), json.dumps(form), "Nghị quyết thử")


def test_a_known_id_is_never_sent_in_again(ctx: Flask) -> None:
    with pytest.raises(Conflict), transaction():
        propose_standard(actor_for(Role.ADMINISTRATOR), text_of(IDS[0]), "Thông tư thử")
    assert operations.score_again(10) == 0
