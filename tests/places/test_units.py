"""Loading the list of units, and asking it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotFound
from places import queries, unitsfile
from places.models import Unit, UnitChange
from places.operations import load_units, set_illustrative_rates, set_rates
from places.rules import Level, Zone
from tests.factories.places import commune, small_file
from tests.queries import count_queries

TODAY = date(2026, 11, 22)


def full(address: str) -> str | None:
    """The one commune an address means, written out."""
    found = queries.find_address(address).exact
    return queries.place_name(found.id).full if found else None


def test_the_shipped_list_holds_the_whole_country() -> None:
    file = unitsfile.read()
    now = [row for row in file.units if row.valid_to is None]
    old = [row for row in file.units if row.valid_to is not None]
    assert sum(1 for row in now if row.level is Level.PROVINCE) == 34
    assert sum(1 for row in now if row.level is Level.COMMUNE) == 3_321
    assert sum(1 for row in old if row.level is Level.COMMUNE) == 10_035
    assert {row.region for row in now if row.level is Level.PROVINCE} >= {"mien_nui_phia_bac", "dong_nam_bo"}
    assert "vietnamadminunits 1.0.4 (MIT)" in file.source
    assert unitsfile.SHIPPED.stat().st_size < 600_000


def test_every_old_commune_became_something() -> None:
    file = unitsfile.read()
    changed = {change.old for change in file.changes}
    old = [row for row in file.units if row.valid_to is not None and row.level is Level.COMMUNE]
    assert [row for row in old if row.identity not in changed] == []


def test_loading_the_same_list_again_changes_nothing(ctx: Flask) -> None:
    with transaction():
        report = load_units(small_file())
    assert (report.opened, report.closed, report.corrected, report.changes) == (0, 0, 0, 0)


def test_a_newer_list_closes_what_ended_and_opens_what_began(ctx: Flask) -> None:
    file, born = small_file(), date(2026, 4, 1)
    gone = next(row for row in file.units if row.name == "Côn Minh" and row.valid_to is None)
    heir = replace(gone, name="Na Rì Mới", valid_from=born)
    units = [heir if row is gone else row for row in file.units]
    changes = [change for change in file.changes if change.new != gone.identity]
    newer = replace(file, units=units, changes=changes, valid_as_of=born)
    was = commune("Côn Minh").id
    with transaction():
        report = load_units(newer)
    assert (report.opened, report.closed) == (1, 1)
    assert db.session.get_one(Unit, was).valid_to == born
    assert not queries.is_current_commune(was)
    assert [
        one.name for one in queries.communes_of(heir_parent(heir), born - timedelta(days=1)) if one.id == was
    ]


def heir_parent(row: unitsfile.UnitRow) -> int:
    """The id of the province that a row of the file lies in."""
    assert row.parent is not None
    query = select(Unit.id).where(
        Unit.level == row.parent[0], Unit.code == row.parent[1], Unit.valid_to.is_(None)
    )
    return db.session.execute(query).scalar_one()


def test_a_list_corrects_a_name_and_keeps_the_id(ctx: Flask) -> None:
    file, was = small_file(), commune("Côn Minh").id
    units = [
        replace(row, name="Côn Minh Sửa") if row.name == "Côn Minh" and row.valid_to is None else row
        for row in file.units
    ]
    with transaction():
        assert load_units(replace(file, units=units)).corrected == 1
    assert queries.unit(was).name == "Côn Minh Sửa"


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"format": "other"}', '{"format": "cho-phien-places/1", "header": {}, "units": [["x"]]}'],
)
def test_a_file_of_another_form_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Invalid):
        unitsfile.parse(text)


def test_a_unit_listed_twice_is_refused() -> None:
    row = ["province", "19", "Tỉnh", "Thái Nguyên", None, None, None, "2025-07-01", None]
    header = {
        "package": "p",
        "version": "1",
        "licence": "MIT",
        "valid_as_of": "2025-07-01",
        "urban_source": "",
        "urban_from": None,
    }
    body = {"format": unitsfile.FORMAT, "header": header, "parents": [], "units": [row, row], "changes": []}
    with pytest.raises(Invalid):
        unitsfile.parse(json.dumps(body))


@pytest.mark.parametrize(
    "typed",
    [
        "Côn Minh, Thái Nguyên",
        "con minh thai nguyen",
        "xã Côn Minh, Thái Nguyên, Việt Nam",
        "xã Côn Minh, huyện Na Rì, Bắc Kạn",
        "xa con minh huyen na ri tinh bac kan",
        "xã Quang Phong, Na Rì, Bắc Kạn",
        "Thôn Chè Cọ, xã Côn Minh, Thái Nguyên",
        "Côn Minh",
        "Co\u0302n Minh, Tha\u0301i Nguye\u0302n",
    ],
)
def test_one_place_is_found_however_it_is_written(ctx: Flask, typed: str) -> None:
    assert full(typed) == "xã Côn Minh, Thái Nguyên"


def test_an_old_commune_that_was_split_gives_the_places_to_choose_from(ctx: Flask) -> None:
    found = queries.convert_old("Hà Nội", "Ba Đình", "Đội Cấn")
    assert found.exact is None
    assert [one.name for one in found.candidates] == ["Ba Đình", "Ngọc Hà"]


def test_an_old_district_gives_the_communes_it_became(ctx: Flask) -> None:
    found = queries.find_address("Na Rì, Bắc Kạn")
    assert {"Côn Minh", "Na Rì"} <= {one.name for one in found.candidates}


def test_a_place_that_does_not_exist_is_not_guessed(ctx: Flask) -> None:
    assert queries.find_address("xã Không Có, Thái Nguyên").candidates == []
    assert queries.find_address("").candidates == []


def test_a_unit_of_today_is_its_own_present_and_an_old_one_is_followed(ctx: Flask) -> None:
    now = commune("Côn Minh")
    assert [one.id for one in queries.current_of(now.id)] == [now.id]
    olds = db.session.execute(select(UnitChange.old_id).where(UnitChange.new_id == now.id)).scalars().all()
    assert olds
    assert all(now.id in [one.id for one in queries.current_of(old)] for old in olds)


def test_communes_are_found_as_they_are_typed_without_marks(ctx: Flask) -> None:
    assert [one.name for one in queries.find_communes("con mi")] == ["Côn Minh"]
    assert [one.name for one in queries.find_communes("con minh, thai ng")] == ["Côn Minh"]
    assert queries.find_communes("100%_") == []


def test_the_day_decides_which_provinces_there_are(ctx: Flask) -> None:
    assert len(queries.provinces()) == 34
    assert "Bắc Kạn" not in {one.name for one in queries.provinces()}
    assert "Bắc Kạn" in {one.name for one in queries.provinces(date(2025, 6, 30))}


def test_an_unknown_id_is_not_found(ctx: Flask) -> None:
    for ask in (queries.unit, queries.place_name):
        with pytest.raises(NotFound):
            ask(999_999)


def test_the_urban_flag_carries_its_source_and_day(ctx: Flask) -> None:
    ward = commune("Ba Đình")
    assert ward.urban is True
    assert "vietnamadminunits" in ward.urban_source
    assert ward.urban_from == date(2025, 7, 1)


def test_shipping_is_priced_by_zone_and_weight_step(ctx: Flask) -> None:
    home, far = commune("Côn Minh").id, commune("Ba Đình").id
    near = queries.shipping_quote(home, home, 400, TODAY)
    assert (near.zone, near.price_vnd) == (Zone.SAME_PROVINCE, 18_000)
    away = queries.shipping_quote(home, far, 750, TODAY)
    assert (away.zone, away.price_vnd, away.days_min, away.days_max) == (Zone.FAR, 35_000, 3, 6)


def test_shipping_before_the_first_price_list_has_no_price(ctx: Flask) -> None:
    home = commune("Côn Minh").id
    with pytest.raises(Invalid):
        queries.shipping_quote(home, home, 400, date(2020, 1, 1))


def test_a_new_price_list_ends_the_one_before_and_keeps_it(ctx: Flask) -> None:
    home, first = commune("Côn Minh").id, date(2026, 12, 1)
    rates = [
        {"zone": zone, "up_to_g": 30_000, "price_vnd": 99_000, "days_min": 1, "days_max": 9} for zone in Zone
    ]
    with transaction():
        assert set_rates(rates, valid_from=first, source="a carrier's list") == 3
        assert set_rates(rates, valid_from=first, source="a carrier's list") == 0
    assert queries.shipping_quote(home, home, 400, TODAY).price_vnd == 18_000
    assert queries.shipping_quote(home, home, 400, first).price_vnd == 99_000


def test_illustrative_prices_say_so_and_are_set_once(ctx: Flask) -> None:
    with transaction():
        assert set_illustrative_rates() == 0
    assert {rate.source for rate in queries.rates_on(TODAY)} == {"illustrative"}


def test_names_of_many_places_cost_one_query(app: Flask) -> None:
    with app.app_context():
        ids = set(db.session.execute(select(Unit.id).where(Unit.level == Level.COMMUNE).limit(50)).scalars())
    with count_queries(app) as seen, app.app_context():
        assert len(queries.place_names(ids)) == 50
    assert seen.count == 1


def test_the_command_loads_a_file_and_reports(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["places", "load"])
    assert result.exit_code == 0, result.output
    assert "vietnamadminunits 1.0.4" in result.output
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(Unit)).scalar_one() > 14_000
        assert len(queries.provinces(clock.today())) == 34
