"""The shipped list against the communes of former Bắc Kạn and Đắk Nông, as they were read elsewhere."""

import json
from typing import Any

import pytest

from places import unitsfile
from places.rules import Level
from tests.conftest import SHARED

FIXTURE = SHARED / "places" / "units_demo.json"
pytestmark = pytest.mark.skipif(not FIXTURE.exists(), reason=f"no conformance data at {FIXTURE}")


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    body = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return [unit for group in body["groups"] for unit in group["units"]]


@pytest.fixture(scope="module")
def shipped() -> unitsfile.UnitsFile:
    return unitsfile.read()


def test_every_commune_has_the_same_name_kind_flag_and_province(
    expected: list[dict[str, Any]], shipped: unitsfile.UnitsFile
) -> None:
    ours = {row.code: row for row in shipped.units if row.level is Level.COMMUNE and row.valid_to is None}
    for unit in expected:
        row = ours[unit["code"]]
        assert f"{row.kind} {row.name}" == unit["name"]
        assert row.urban == unit["urban"]
        assert row.parent is not None
        assert row.parent[1] == unit["province_code"]


def test_every_commune_comes_from_the_same_old_communes(
    expected: list[dict[str, Any]], shipped: unitsfile.UnitsFile
) -> None:
    olds: dict[str, set[str]] = {}
    for change in shipped.changes:
        if change.old[0] is Level.COMMUNE:
            olds.setdefault(change.new[1], set()).add(change.old[1])
    for unit in expected:
        assert olds[unit["code"]] >= {old["code"] for old in unit["legacy"]}, unit["name"]
