"""Counting: what was declared and what was recognised, kept in the same transaction, equal to counting anew."""

from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from households.models import Household
from places.models import Unit, UnitChange
from places.queries import province_of
from registry import operations
from registry.figures.models import CountedHome, PlaceCount
from registry.figures.operations import count, count_left, home_of, indicators
from registry.figures.queries import country, glance, of_unit, provinces, scope_of
from registry.figures.rules import CLASSES, Basis, words_of
from registry.models import Review
from registry.procedure import operations as procedure
from registry.procedure.models import ReviewCase
from registry.reports.queries import NAMES, report
from registry.reports.rules import Node
from registry.rules import State
from registry.traits.operations import note
from tests.factories.accounts import actor_for, sign_in
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.procedure import posted, recognised
from tests.factories.registry import POOR, WELL, fill, resident, submitted_review


def _kept() -> dict[tuple[Any, ...], int]:
    rows = db.session.execute(select(PlaceCount)).scalars()
    return {
        (row.year, row.basis, row.standard_id, row.commune_id, row.word): row.household_count
        for row in rows
        if row.household_count
    }


def _anew() -> dict[tuple[Any, ...], int]:
    found: Counter[tuple[Any, ...]] = Counter()
    for row in db.session.execute(select(*CountedHome.__table__.c)):
        place = (row.year, row.basis, row.standard_id, row.commune_id)
        found.update((*place, word) for word in words_of(home_of(row._asdict(), indicators(row.standard_id))))
    return dict(found)


def _send(household_id: int, answers: dict[str, str]) -> tuple[Actor, str]:
    """One more person of a household, who declares for it and sends it."""
    actor, _home = resident(db.session.get(Household, household_id), "Người khai")
    with transaction():
        begun = operations.start(actor)
    key = fill(actor, begun, answers)
    with transaction():
        operations.finish(actor, key)
    return actor, key


def test_counts_follow_every_declaration_and_equal_counting_anew(app: Flask) -> None:
    with app.app_context():
        home_id = create_household(head="Hộ Một").id
        _send(home_id, POOR)
        submitted_review(create_household(head="Hộ Hai", village="Thôn Khác"), WELL)
        scope = scope_of(2026, Basis.DECLARED)
        assert country(scope).top.counts["class/poor"] == 1 and _kept() == _anew()
        with clock.use(clock.now() + timedelta(days=1)):
            actor, key = _send(home_id, WELL)
            assert country(scope).top.counts["class/poor"] == 0 and country(scope).top.households == 2
            with transaction():
                operations.withdraw(actor, key)
        seen = country(scope).top
        assert seen.counts["class/poor"] == 1 and seen.households == 2 and _kept() == _anew()
        assert {row[2] for row in _kept()} == {"vn-2022-2025", "vn-2027-2030"}


def test_a_recognised_class_is_in_the_figures_at_once_with_its_cause(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        who, case, _wall = posted()
        with transaction():
            note(who, case.key, ["land", "illness"], "disabled")
        scope = scope_of(2026, Basis.RECOGNISED)
        assert country(scope).top.households == 0
        key, unit_id = case.key, case.commune_id
        second = actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)
        with clock.use(clock.now() + timedelta(days=10)):
            with transaction():
                procedure.propose(who, key, decision_number="12/QĐ-UBND")
            with transaction():
                procedure.approve(second, key)
        top = country(scope).top
        assert top.households == 1 == top.counts["class/poor"] == top.counts["cause/land/poor"]
        assert top.counts["disability/disabled/poor"] == top.counts["sex/female/poor"] == 1
        assert of_unit(scope, unit_id).top.counts == top.counts and _kept() == _anew()
        kept = db.session.execute(select(CountedHome).where(CountedHome.basis == "recognised")).scalar_one()
        assert kept.traits is not None and b"illness" not in kept.traits
        officer = actor_for(Role.PROVINCE_OFFICER, unit_id=province_of(unit_id).id)
    sign_in(client, officer)
    page = client.get("/registry/figures").text
    assert "1 hộ đã được xét" in page and "Thiếu đất sản xuất" in page and "Hộ nghèo" in page
    declared = client.get("/registry/figures?basis=declared&standard=vn-2027-2030").text
    assert "1 hộ đã kê khai" in declared and "2027" in declared
    paper = client.get("/registry/figures.pdf")
    assert paper.data.startswith(b"%PDF") and "no-store" in paper.headers["Cache-Control"]


def test_new_escaped_and_relapsed_are_told_by_the_rounds_before(app: Flask) -> None:
    with app.app_context():
        home_id, started = create_household(head="Hộ Một").id, clock.now()
        for years, answers in ((2, POOR), (1, WELL), (0, POOR)):
            with clock.use(started - timedelta(days=365 * years)):
                _send(home_id, answers)
        told = {year: country(scope_of(year, Basis.DECLARED)).top.counts for year in (2024, 2025, 2026)}
        assert told[2025]["change/escaped"] == told[2026]["change/relapsed"] == 1
        assert (
            told[2025]["move/poor/none"]
            == told[2026]["move/none/poor"]
            == told[2024]["move/absent/poor"]
            == 1
        )
        first = db.session.execute(select(Review).order_by(Review.id)).scalars().first()
        assert first is not None
        with transaction():
            db.session.get_one(Review, first.id).state = State.WITHDRAWN
            count(home_id, 2024, Basis.DECLARED)
        assert country(scope_of(2026, Basis.DECLARED)).top.counts["change/new"] == 1 and _kept() == _anew()


def test_what_was_sent_before_there_were_counts_is_counted_by_the_worker(app: Flask) -> None:
    with app.app_context():
        recognised()
        kept = _kept()
        with transaction():
            db.session.execute(db.delete(CountedHome))
            db.session.execute(db.delete(PlaceCount))
            db.session.execute(db.update(Review).values(counted=False))
        with transaction():
            assert count_left(100) == 1
        with transaction():
            assert count_left(100) == 0
        declared = {key: n for key, n in kept.items() if key[1] == "declared"}
        assert _kept() == declared and declared


def test_an_old_commune_counts_where_it_went_and_a_split_one_stands_by_itself(app: Flask) -> None:
    with app.app_context():
        today = commune("Côn Minh")
        province, day = today.parent_id, clock.today() - timedelta(days=400)
        other = db.session.execute(
            select(Unit)
            .where(Unit.parent_id == province, Unit.id != today.id, Unit.valid_to.is_(None))
            .limit(1)
        ).scalar_one()
        whole, split = (
            Unit(code=f"9900{n}", level="commune", kind="Xã", name=f"Cũ {n}", folded=f"cu {n}", parent_id=province,
                 valid_from=day, valid_to=clock.today() - timedelta(days=9), source="test")
            for n in (1, 2)
        )  # fmt: skip
        ids = (today.id, other.id)
        with transaction():
            db.session.add_all([whole, split])
            db.session.flush()
            on = clock.today() - timedelta(days=9)
            for old, new in ((whole.id, ids[0]), (split.id, ids[0]), (split.id, ids[1])):
                db.session.add(UnitChange(old_id=old, new_id=new, changed_on=on))
            old_ids = (whole.id, split.id)
        with clock.use(clock.now() - timedelta(days=20)):
            for old_id in old_ids:
                submitted_review(create_household(db.session.get(Unit, old_id), head="Hộ Cũ"), POOR)
        scope = scope_of(2026, Basis.DECLARED)
        assert province is not None
        code = db.session.get_one(Unit, ids[0]).code
        inside = of_unit(scope, province).top.inside
        assert set(inside) == {code, "99002.2026"} and of_unit(scope, ids[0]).top.households == 1
        assert provinces(scope).top.households == country(scope).top.households == 2
        (whole_province,) = country(scope).top.inside.values()
        assert set(whole_province.inside) == set(inside)


def _sums(node: dict[str, Any]) -> None:
    if "inside" in node:
        assert node["households"] == sum(one["households"] for one in node["inside"])
        for word, number in node["counts"].items():
            assert number == sum(one["counts"][word] for one in node["inside"])
        for one in node["inside"]:
            _sums(one)


def _classes(top: Node) -> dict[str, tuple[int, list[int]]]:
    return {
        name: (node.households, [node.counts[f"class/{one}"] for one in CLASSES])
        for name, node in top.inside.items()
    }


def _same(one: Node, other: Node) -> None:
    assert one.households == other.households and +one.counts == +other.counts


def test_a_parent_is_the_sum_of_its_children_from_village_to_country_in_every_report(app: Flask) -> None:
    with app.app_context():
        _who, case = recognised()
        province, unit_id = province_of(case.commune_id), case.commune_id
        submitted_review(create_household(head="Hộ Hai", village="Thôn Khác"), WELL)
        submitted_review(create_household(commune=commune("Cầu Giấy"), head="Hộ Ba"), POOR)
        for basis in Basis:
            scope = scope_of(2026, basis)
            whole, by_province = country(scope).top, provinces(scope).top
            _same(whole, by_province)
            mine = of_unit(scope, province.id).top
            _same(whole.inside[province.code], mine)
            (place,) = mine.inside.values()
            villages, seen = of_unit(scope, unit_id).top, glance(scope, unit_id).top
            _same(place, villages)
            _same(villages, seen)  # a page counts in the database what a workbook counts row by row
            assert _classes(seen) == _classes(villages) and len(seen.inside) == (
                2 if basis == "declared" else 1
            )
            _same(glance(scope, province.id).top, mine)
            for name in NAMES:
                said = report(name, "vn", 2026, basis)
                assert said["basis"] == basis and said["demo"] is True
                _sums(said)
        assert db.session.execute(select(ReviewCase)).scalars().all()
