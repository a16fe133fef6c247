"""Numbers, links, element strings and symbols."""

from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.photos.codes import codes
from catalog.rules import check_digit, ean13
from traceability.gs1 import links, symbols
from traceability.gs1.scanned import Typed, understand
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


@pytest.mark.parametrize(
    ("sent", "elements"),
    [
        ("]C10108931234567897", [("01", "08931234567897")]),
        ("]d2010893123456789710L1\x1d17261231", [("01", "08931234567897"), ("10", "L1"), ("17", "261231")]),
        ("]Q310L1\x1d0108931234567897\x1d", [("10", "L1"), ("01", "08931234567897")]),
        ("]e00108931234567897", [("01", "08931234567897")]),
        ("]J199A", [("99", "A")]),
        ("]d1https://x.vn/01/08931234567897/10/a%2Fb", [("01", "08931234567897"), ("10", "a/b")]),
        ("]E08931234567897", [("01", "08931234567897")]),
        ("]E489312345", None),
        ("]E412345670|]e010L1", [("01", "00000012345670"), ("10", "L1")]),
        ("]E08931234567890", None),
        ("]E0893123456", None),
        ("]E08931234567897|", None),
        ("]C1", None),
        ("]e00", None),
        ("]X10108931234567897", None),
        ("]Q1only words", None),
        ("]d2018931234567897", None),
    ],
)
def test_what_scanners_send_is_read_by_its_mark_of_the_symbol(sent, elements):
    reading = read_scan(sent)
    assert reading.ok is (elements is not None), reading.faults
    assert [(one.ai, one.value) for one in reading.elements] == elements or elements is None
    assert all(0 <= one.at <= len(sent) for one in reading.faults if one.at is not None)


@pytest.mark.parametrize("symbol", ["DataMatrix", "QRCode", "Code128", "DataBarExp"])
def test_gs1_symbols_of_others_are_read_from_a_photograph(symbol):
    kind = getattr(zxingcpp.BarcodeFormat, symbol)
    drawn = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode("(01)08931234567897(17)261231(10)L1", kind, gs1=True), scale=4
    )
    picture = Image.frombuffer("L", (drawn.shape[1], drawn.shape[0]), bytes(drawn))
    sheet = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    sheet.paste(picture, (40, 40))
    sheet.save(photo := BytesIO(), "JPEG", quality=80)
    (read,) = codes(photo.getvalue())
    assert understand(read) == Typed("08931234567897", "L1")


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
