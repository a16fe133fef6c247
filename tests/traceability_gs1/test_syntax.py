"""Element strings and Digital Link addresses: what is read, where a fault stands, what is written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.gs1.cli import check_line
from traceability.gs1.syntax import dictionary, rules
from traceability.gs1.syntax.faults import Fault

LOT = "(01)08931234567897(10)L1"


def test_brackets_address_and_scan_say_the_same():
    printed = rules.check(LOT)
    address = rules.check("https://id.gs1.org/01/08931234567897/10/L1")
    scanned = rules.check("]C1010893123456789710L1")
    said = [(one.ai, one.value) for one in printed.elements]
    assert printed.ok and address.ok and scanned.ok
    assert (
        said
        == [(one.ai, one.value) for one in address.elements]
        == [(one.ai, one.value) for one in scanned.elements]
    )
    assert rules.digital_link(printed.elements) == "https://id.gs1.org/01/08931234567897/10/L1"
    assert rules.element_string(address) == LOT


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("(01)08931234567894(10)L1", Fault("01", 17, "wrong check digit")),
        ("(01)0893123456789", Fault("01", 4, "too short")),
        ("(01)08931234567897(10)L 1", Fault("10", 23, "not in character set 82")),
        ("(01)08931234567897(17)261331", Fault("17", 24, "no such month")),
        ("(01)08931234567897(1234)x", Fault("1234", 18, "no such identifier")),
        ("08931234567897", Fault(None, 0, "an identifier in brackets must stand here")),
        ("(10)L1", Fault("10", 0, "needs one of 01, 02, 03, 8006, 8026")),
        ("(01)08931234567897(02)08931234567897(37)2", Fault("02", 18, "may not stand beside (01)")),
        ("(01)08931234567897(10)A(10)B", Fault("10", 23, "stands twice with different values")),
        ("https://a.vn/01/08931234567897/21/x/10/L", Fault("01", 13, "qualifiers of another key, or in another order")),
        ("https://a.vn/01/08931234567897?10=L1", Fault("10", 31, "belongs in the path")),
        ("https://a.vn/01/08931234567897?3103=000500&3103=000500", Fault("3103", 43, "stands twice")),
        ("https://a.vn/01/08931234567897?21=x", Fault("21", 31, "not allowed in the query")),
        ("https://a.vn/10/L1", Fault(None, 12, "no key that opens a Digital Link")),
        ("https://a.vn/01/8931234567897", Fault("01", 16, "too short")),
    ],
)  # fmt: skip
def test_a_fault_names_its_element_and_its_place(text, fault):
    assert fault in rules.check(text).faults


def test_every_fault_of_a_text_is_named_not_only_the_first():
    faults = rules.check("(01)08931234567894(17)261331(10)L 1").faults
    assert [one.ai for one in faults] == ["01", "17", "10"]


def test_a_bracket_inside_a_value_is_written_with_a_backslash():
    reading = rules.check("(01)08931234567897(10)A\\(1")
    assert reading.elements[1].value == "A(1"
    assert rules.element_string(reading) == "(01)08931234567897(10)A\\(1"


def test_a_place_after_percent_encoding_counts_in_the_text_as_it_came():
    address = "https://a.vn/01/%30%38931234567894"
    assert rules.check(address).faults == (Fault("01", len(address) - 1, "wrong check digit"),)


def test_what_needs_no_key_is_no_address():
    assert rules.digital_link(rules.check("(99)L1").elements) is None


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(text):
    for spelled in (
        text,
        f"(01){text}",
        f"https://a.vn/01/{text}",
        f"]C1{text}",
        f"https://a.vn/01/08931234567897?{text}",
    ):
        reading = rules.check(spelled)
        assert all(one.at is None or 0 <= one.at <= len(spelled) for one in reading.faults)


@given(st.text(alphabet="0123456789ABCDEFGHIJ!\"%&'()*+,-./:;<=>?_az", min_size=1, max_size=20))
def test_a_lot_of_any_letters_survives_every_spelling(lot):
    printed = rules.check("(01)08931234567897(10)" + lot.replace("(", "\\("))
    if lot.endswith("\\"):
        return
    assert printed.ok and printed.elements[1].value == lot
    address = rules.digital_link(printed.elements)
    assert address is not None
    for again in (rules.check(address), rules.check(rules.scan_data(printed.elements))):
        assert [(one.ai, one.value) for one in again.elements] == [("01", "08931234567897"), ("10", lot)]


def test_the_table_holds_every_identifier():
    found = dictionary.identifiers()
    assert (
        len(found) > 500 and found["3103"].fixed and found["01"].qualifiers == (("22", "10", "21"), ("235",))
    )
    assert ("01", "22", "21") in dictionary.paths() and ("01", "21", "10") not in dictionary.paths()


def test_the_command_answers_each_line_whatever_it_is():
    answer = check_line((LOT + "\r\n").encode())
    assert answer == {
        "ok": True, "elements": [["01", "08931234567897"], ["10", "L1"]], "element_string": LOT,
        "uri": "https://id.gs1.org/01/08931234567897/10/L1", "faults": [],
    }  # fmt: skip


def test_the_command_needs_no_world_and_ends_well(app):
    runner = app.test_cli_runner()
    done = runner.invoke(args=["gs1", "check"], input="(01)123\n\n" + LOT + "\n")
    lines = [json.loads(line) for line in done.output.splitlines()]
    assert done.exit_code == 0 and [line["ok"] for line in lines] == [False, False, True]
    assert lines[1] == {"ok": False, "error": "the line is blank"}
