"""What a scan may say, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.scan.rules import Verdict, shared_by_terms, shared_so_far, verdict
from traceability.gs1.scanned import Typed, understand

TODAY = date(2026, 11, 22)
GTIN = "02000000000015"


@pytest.mark.parametrize(
    ("state", "kind", "expires_on", "packed_so", "said"),
    [
        ("open", "real", None, True, Verdict.GOOD),
        ("closed", "real", TODAY, True, Verdict.GOOD),
        ("open", "real", date(2026, 11, 21), True, Verdict.EXPIRED),
        ("recalled", "real", date(2026, 11, 21), True, Verdict.RECALLED),
        ("open", "planned", None, False, Verdict.PLANNED),
        ("open", "real", None, False, Verdict.OTHER_PACK),
    ],
)
def test_the_most_serious_thing_is_said(state, kind, expires_on, packed_so, said):
    assert verdict(state, kind, expires_on, TODAY, packed_so=packed_so) is said


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2000000000015", Typed(GTIN, None)),
        (" 2000000000015  md-01 ", Typed(GTIN, "MD-01")),
        ("Lô: MD-01", Typed(None, "MD-01")),
        ("https://chophien.vn/01/02000000000015/10/MD-01?17=271108", Typed(GTIN, "MD-01")),
        ("HTTPS://CHOPHIEN.VN/01/02000000000015/10/MD-01", Typed(GTIN, "MD-01")),
        ("(01)02000000000015(10)md-01", Typed(GTIN, "MD-01")),
        ("]C1010200000000001510MD-01", Typed(GTIN, "MD-01")),
        ("]d2010200000000001510MD-01\x1d17271108", Typed(GTIN, "MD-01")),
        ("]C1\x1d010200000000001510MD-01", Typed(GTIN, "MD-01")),
        ("\x1d010200000000001510MD-01\x1d21A", Typed(GTIN, "MD-01", "A")),
        ("]Q1HTTPS://CHOPHIEN.VN/01/02000000000015/10/MD-01", Typed(GTIN, "MD-01")),
        ("]E02000000000015", Typed(GTIN, None)),
        ("]E02000000000015|]e010MD-01", Typed(GTIN, "MD-01")),
        ("2000000000016", Typed(None, "2000000000016")),
        ("chào", None),
        ("", None),
        ("<script>", None),
    ],
)
def test_whatever_is_typed_or_scanned_is_understood_or_not(typed, read):
    assert understand(typed) == read


@given(st.text(max_size=400))
def test_no_text_breaks_the_finder(text):
    found = understand(text)
    assert found is None or found.gtin or found.lot


AMOUNTS = st.integers(0, 10**9)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.integers(5, 900))
def test_the_parts_add_up_to_what_was_sold(producers, work, fund, untraced, households):
    sold = producers + work + fund + untraced
    if sold:
        shared = shared_so_far(sold, producers, fund, untraced, households)
        assert sum(thread.amount_vnd for thread in shared.threads) == sold and not shared.topped_up
        assert abs(sum(thread.part_bp for thread in shared.threads) - 10_000) <= 4


@given(AMOUNTS.filter(bool), AMOUNTS, st.one_of(st.none(), st.integers(0, 4)))
def test_fewer_than_five_households_show_no_amount(producers, work, households):
    shared = shared_so_far(producers + work, producers, 0, 0, households)
    assert (shared.sold_vnd, shared.producers_vnd, shared.households) == (None, None, None)
    assert all(thread.amount_vnd is None for thread in shared.threads)


def test_a_guaranteed_price_may_cost_the_cooperative_more_than_it_sold():
    shared = shared_so_far(100_000, 120_000, 0, 0, 6)
    assert shared.topped_up and shared.producers_percent == 100


def test_terms_before_the_first_sale_are_per_cent():
    shared = shared_by_terms(7000, 2000, 1000, TODAY)
    assert [thread.percent for thread in shared.threads] == [70, 20, 10] and shared.terms_from_on == TODAY
