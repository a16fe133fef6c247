"""Roll-ups: parents are sums of children, every household counts once, places stand in their order."""

import json
from typing import Any

from flask import Flask

from core.db import transaction
from places.queries import province_of, unit
from registry import operations
from registry.cli import registry
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.registry import POOR, WELL, fill, resident, submitted_review


def _made(app: Flask) -> dict[str, str]:
    """Three households in two provinces; one of them declared twice."""
    with app.app_context():
        review = submitted_review()
        codes = {"commune": unit(review.commune_id).code, "province": province_of(review.commune_id).code}
        submitted_review(create_household(commune=commune("Cầu Giấy"), head="Hộ Khác"), WELL)
        actor, _home = resident(create_household(head="Hộ Ba", village="Thôn Khác"), "Người Ba")
        for answers in (WELL, POOR):
            with transaction():
                begun = operations.start(actor)
            key = fill(actor, begun, answers)
            with transaction():
                operations.finish(actor, key)
    return codes


def _sums(node: dict[str, Any]) -> None:
    if "inside" in node:
        assert node["households"] == sum(one["households"] for one in node["inside"])
        for word, count in node["counts"].items():
            assert count == sum(one["counts"][word] for one in node["inside"])
        for one in node["inside"]:
            _sums(one)


def test_a_report_rolls_up_from_village_to_country(app: Flask) -> None:
    codes, runner = _made(app), app.test_cli_runner()

    def said(name: str, code: str) -> Any:
        got = runner.invoke(registry, ["report", name, "--unit", code, "--round", "2026"])
        return json.loads(got.stdout) if got.exit_code == 0 else got.exit_code

    country, province, place = (said("classes", code) for code in ("vn", codes["province"], codes["commune"]))
    assert (country["households"], province["households"]) == (3, 2) and country["demo"] is True
    assert country["counts"] == {"poor": 2, "near_poor": 0, "none": 1, "unsaid": 0}
    assert len(country["inside"]) == 2 and len(place["inside"]) == place["households"] == 2
    lacks = said("deprivations", "vn")
    assert lacks["counts"]["toilet"] == 2 and len(lacks["counts"]) == 12
    for node in (country, province, place, lacks):
        _sums(node)
    assert said("classes", "99999") == 1 and "Triệu" not in json.dumps(country, ensure_ascii=False)
