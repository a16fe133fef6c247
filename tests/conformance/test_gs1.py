"""GS1's own vectors. Out of scope: identifiers not in `KNOWN` (SSCC, GLN, coupons …), withdrawn names ('/gtin/')."""

import json
import re

import pytest

from tests.conftest import SHARED
from traceability.gs1 import rules

FOLDER = SHARED / "gs1"


def vectors(name: str) -> list[dict]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["vectors"]


def supported(identifiers: list[str]) -> bool:
    return all(ai in rules.KNOWN for ai in identifiers)


def shown(elements: rules.Elements) -> str:
    return rules.scanned_form(elements).replace(rules.FNC1, "^")


def _link_cases() -> list[dict]:
    """Links whose every numeric identifier we know. GS1 runs some twice under another option: shortened GTINs are read
    (not refused), unknown identifiers are refused (not passed on)."""
    cases = []
    for case in vectors("dl_parse.json"):
        numbers = re.findall(r"[/?&](\d{2,4})[/=]", re.sub(r"^\w+://[^/]*", "", case["uri"]))
        accepted = [one["ok"] for one in vectors("dl_parse.json") if one["uri"] == case["uri"]]
        twice = len(set(accepted)) == 2 and not case["ok"] and "89=" not in case["uri"]
        foreign = not supported([n for n in numbers if n != "89" and n != "999"]) or (
            case["ok"] and "89=" in case["uri"]
        )
        if not (twice or foreign or "/gtin/" in case["uri"] or "/sscc/" in case["uri"]):
            cases.append(case)
    return cases


@pytest.mark.parametrize("case", _link_cases(), ids=lambda case: case["uri"])
def test_digital_links_are_read_as_gs1_reads_them(case):
    if case["ok"]:
        assert shown(rules.parse_link(case["uri"])) == case["expect"]
    else:
        with pytest.raises(rules.NotGs1):
            rules.parse_link(case["uri"])


def test_most_links_with_a_gtin_are_in_scope():
    assert len(_link_cases()) >= 70


@pytest.mark.parametrize("case", vectors("dl_escape.json"), ids=lambda case: repr(case["in"]))
def test_values_are_escaped_for_a_path(case):
    assert rules.escape(case["in"]) == case["path"]


@pytest.mark.parametrize("case", vectors("dl_unescape.json"), ids=lambda case: repr(case["in"]))
def test_values_are_unescaped(case):
    assert rules.unescape(case["in"]) == case["path"]
    assert rules.unescape(case["in"], query=True) == case["query"]


def _element_cases() -> list[dict]:
    cases = [case for case in vectors("ai_parse.json") if case["ai"] != "inbuf"] + vectors("ai_linters.json")
    return [
        case for case in cases if supported(re.findall(r"(?<!\\)\((\d{2,4})\)", case["ai"])) or not case["ok"]
    ]


@pytest.mark.parametrize("case", _element_cases(), ids=lambda case: case["ai"])
def test_element_strings_are_read_as_gs1_reads_them(case):
    """Whatever GS1 refuses is refused, known identifier or not."""
    if not case["ok"]:
        with pytest.raises(rules.NotGs1):
            rules.parse_bracketed(case["ai"])
        return
    elements = rules.parse_bracketed(case["ai"])
    assert rules.parse_scanned(rules.scanned_form(elements)) == elements
    if "expect" in case:
        assert shown(elements) == case["expect"]


LINTERS = {"cset82": rules.is_cset82, "yymmd0": rules.is_yymmd0}


@pytest.mark.parametrize("name", sorted(LINTERS))
def test_linters_agree(name):
    cases = json.loads((FOLDER / "linters.json").read_text(encoding="utf-8"))["linters"][name]
    assert cases
    wrong = [case for case in cases if LINTERS[name](case["value"]) != case["ok"]]
    assert wrong == []


def test_check_digits_agree():
    cases = json.loads((FOLDER / "linters.json").read_text(encoding="utf-8"))["linters"]["csum"]
    checked = 0
    for case in cases:
        value = case["value"]
        if value.isascii() and value.isdigit() and len(value) > 1:
            assert (rules.check_digit(value[:-1]) == int(value[-1])) == case["ok"], value
            checked += 1
    assert checked >= 5


def test_the_dictionary_agrees_on_the_form_of_our_identifiers():
    """Our lengths and kinds are those of GS1's syntax dictionary."""
    lines = (FOLDER / "gs1-syntax-dictionary.txt").read_text(encoding="utf-8").splitlines()
    forms = {m[1]: m[2] for line in lines if (m := re.match(r"(\d{2,4})\s+\*?\??!?\s+(\S+)", line))}
    for ai, digits in (
        ("01", "N14"),
        ("10", "X..20"),
        ("11", "N6"),
        ("15", "N6"),
        ("17", "N6"),
        ("21", "X..20"),
        ("22", "X..20"),
    ):
        assert forms[ai].split(",")[0] == digits
