"""Numbers, measures, the dearest delivery, and who fetched: pure rules with worked examples."""

import doctest

import pytest

from channels.feeds import rules
from channels.feeds.rules import Family, base_measure, dearest, family, global_gtin, plain


def test_the_examples_in_the_rules_hold():
    assert doctest.testmod(rules).failed == 0 and doctest.testmod(rules).attempted == 6


def numbered(body):
    """Thirteen digits with their check digit."""
    return body + str(-sum(int(one) * (3, 1)[place % 2] for place, one in enumerate(body)) % 10)


@pytest.mark.parametrize("body", ["0893850597419", "0400638133393", "1893850597419"])
def test_numbers_that_name_goods_everywhere_are_sent(body):
    number = numbered(body)
    assert global_gtin(number) == (number[1:] if number[0] == "0" else number)


@pytest.mark.parametrize(
    "body",
    ["0200000000001", "0020000000001", "0040000000001", "0050000000001", "0290000000001", "0980000000001",
     "0990000000001", "0952000000001", "0000000012345"],
)  # fmt: skip
def test_numbers_of_a_shop_coupons_and_samples_are_not(body):
    assert global_gtin(numbered(body)) == ""


@pytest.mark.parametrize(
    "number", ["", "8938505974194", "08938505974195", "0893850597419x", "00000000000000"]
)
def test_what_is_no_number_is_not_sent(number):
    assert global_gtin(number) == ""


@pytest.mark.parametrize(
    ("quantity", "unit", "base"),
    [(100, "g", (100, "g")), (101, "g", (1, "kg")), (750, "ml", (1, "l")), (2, "piece", (1, "ct"))],
)
def test_the_unit_price_is_for_what_the_page_says(quantity, unit, base):
    assert base_measure(quantity, unit) == base


def test_delivery_never_promises_too_little():
    rates = [("near", 1000, 20_000), ("near", 5000, 30_000), ("far", 1000, 45_000)]
    assert dearest(rates, 1000) == 45_000
    assert dearest(rates, 1001) is None, "no way to send it far"
    assert dearest([], 1) is None


@pytest.mark.parametrize(
    ("agent", "who"),
    [("Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)", Family.TIKTOK),
     ("facebookcatalog/1.0", Family.META), ("Mozilla/5.0 (compatible; bingbot/2.0)", Family.BING),
     ("Mozilla/5.0 (Linux; Android 14) Chrome/129", Family.BROWSER), ("curl/8.5", Family.OTHER),
     ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com)", Family.OTHER)],
)  # fmt: skip
def test_only_the_family_of_a_programme_is_kept(agent, who):
    assert family(agent) is who


def test_signs_that_break_a_file_are_left_out():
    assert plain("Trà\x00 \ud800 Shan\n\ttuyết\ufffe", 100) == "Trà Shan tuyết"
    assert plain("một hai ba", 8) == "một hai…"
