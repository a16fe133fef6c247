"""Numbers, links, element strings and symbols."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.rules import check_digit, ean13
from traceability.gs1 import links, symbols
from traceability.gs1.syntax.rules import FNC1, Element, read_scan, read_uri, scan_data

GTINS = st.integers(1, 10**12).map(lambda n: f"{n:013d}").map(lambda body: body + str(check_digit(body)))
LOTS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=1, max_size=20)
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def pairs(reading):
    assert reading.ok, reading.faults
    return [(one.ai, one.value) for one in reading.elements]


@given(GTINS, LOTS, LOTS)
def test_a_link_is_read_back_as_it_was_built(gtin, lot, serial):
    link = links.link_to("https://chophien.vn", gtin, lot, serial)
    assert pairs(read_uri(link)) == [("01", gtin), ("10", lot), ("21", serial)]


@given(GTINS, st.text(CSET82, min_size=1, max_size=20))
def test_any_lot_that_gs1_allows_survives_escaping(gtin, lot):
    assert pairs(read_uri(links.link_to("https://chophien.vn", gtin, lot))) == [("01", gtin), ("10", lot)]


@given(
    st.lists(
        st.tuples(st.sampled_from(["10", "21", "99"]), st.text(CSET82, min_size=1, max_size=20)),
        min_size=1,
        max_size=4,
    )
)
def test_element_strings_survive_the_scanner(elements):
    data = scan_data(Element(ai, value, 0) for ai, value in elements)
    assert data.startswith(FNC1) and pairs(read_scan(data)) == elements


def test_a_printed_link_is_upper_case_and_makes_a_smaller_qr():
    small = links.printed_link("https://chophien.example.vn", "02000000000015", "MD-261108-01")
    assert small == "HTTPS://CHOPHIEN.EXAMPLE.VN/01/02000000000015/10/MD-261108-01"
    assert len(symbols.qr_rows(small)) < len(symbols.qr_rows(small.lower()))


def test_a_lower_case_lot_is_never_printed():
    with pytest.raises(ValueError, match="lot codes"):
        links.printed_link("https://chophien.vn", "02000000000015", "md-1")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2000000000015", "02000000000015"), ("02345673", "00000002345673"), ("416000336108", "00416000336108"),
     ("2000000000016", None), ("", None), ("٢٠٠٠٠٠٠٠٠٠٠١٥", None), ("20000000000150", None)],
)  # fmt: skip
def test_shorter_numbers_become_14_digits_and_wrong_ones_nothing(typed, found):
    assert links.gtin14(typed) == found


@given(GTINS.filter(lambda gtin: gtin.startswith("0")))
def test_every_ean13_is_read_by_a_real_reader(gtin):
    digits = ean13(gtin)
    modules = symbols.ean13_modules(digits)
    assert len(modules) == 95
    picture = Image.new("L", ((95 + 24) * 2, 60), 255)
    for first, width in symbols.bars(modules):
        picture.paste(0, ((12 + first) * 2, 5, (12 + first + width) * 2, 55))
    [read] = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.EAN13)
    assert read.text == digits


@pytest.mark.parametrize("digits", ["2000000000016", "200000000001", "abcdefghijklm"])
def test_no_symbol_for_a_wrong_number(digits):
    with pytest.raises(ValueError, match="13 digits"):
        symbols.ean13_modules(digits)
