"""GS1's own vectors for element strings, Digital Link addresses and the checks of every component.

Those of the parser test the parser alone: their numbers are made up, so associations are not asked.
"""

import json

import pytest

from tests.conftest import SHARED
from traceability.gs1.syntax import components, rules

FOLDER = SHARED / "gs1"
SETS = {"cset82": "X", "cset39": "Y", "cset64": "Z", "csetnumeric": "N"}


def vectors(name: str, part: str = "vectors"):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))[part]


def shown(reading: rules.Reading) -> str:
    return rules.scan_data(reading.elements).replace(rules.FNC1, "^") if reading.ok else ""


def lenient(options: dict) -> rules.Lenient:
    """GS1 runs some addresses under its options for older ones; an unknown identifier needs both of its two."""
    unknown = (
        options.get("PermitUnknownAIs") and "ValidationEnabled:gs1_encoder_vUNKNOWN_AI_NOT_DL_ATTR" in options
    )
    return rules.Lenient(
        bool(options.get("permitConvenienceAlphas")),
        bool(options.get("PermitZeroSuppressedGTINinDLuris")),
        bool(unknown),
    )


@pytest.mark.parametrize("name", sorted(vectors("linters.json", "linters")))
def test_every_check_of_a_component_judges_as_gs1_does(name):
    kind = SETS.get(name)
    for case in vectors("linters.json", "linters")[name]:
        wrong = components.in_set(kind, case["value"]) if kind else components.CHECKS[name](case["value"])
        assert (wrong is None) is case["ok"], case


@pytest.mark.parametrize("case", vectors("ai_linters.json"), ids=lambda case: case["ai"])
def test_every_element_is_checked_by_its_components(case):
    assert rules.read_brackets(case["ai"]).ok is case["ok"]


@pytest.mark.parametrize(
    "case", [one for one in vectors("ai_parse.json") if one["ai"] != "inbuf"], ids=lambda case: case["ai"]
)  # "inbuf" is a name of a variable that slipped into the file
def test_brackets_are_read_as_gs1_reads_them(case):
    reading = rules.read_brackets(case["ai"])
    assert (reading.ok, shown(reading)) == (case["ok"], case["expect"])


@pytest.mark.parametrize(
    "case", vectors("dl_parse.json"), ids=lambda case: f"{case['uri']} {case.get('options', '')}"
)
def test_every_address_is_read_as_gs1_reads_it(case):
    reading = rules.read_uri(case["uri"], lenient(case.get("options", {})))
    assert (reading.ok, shown(reading)) == (case["ok"], case["expect"])


@pytest.mark.parametrize("case", vectors("dl_escape.json"), ids=lambda case: repr(case["in"]))
def test_values_are_escaped_for_a_path(case):
    key, lot = rules.Element("01", "08931234567894", 0, path=0), rules.Element("10", case["in"], 0, path=1)
    assert rules.digital_link([key, lot]) == f"{rules.STEM}/01/08931234567894/10/{case['path']}"


@pytest.mark.parametrize("case", vectors("dl_unescape.json"), ids=lambda case: repr(case["in"]))
def test_values_are_unescaped(case):
    assert rules._unescaped(case["in"], 0, query=False)[0] == case["path"]
    assert rules._unescaped(case["in"], 0, query=True)[0] == case["query"]
