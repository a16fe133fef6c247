import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import rules
from catalog.rules import Event, Facts, Kind, State, UnitPrice
from core.errors import Invalid

WHOLE = Facts(
    name="Miến dong",
    kind=Kind.FOOD,
    story="x" * 80,
    ingredients="Bột dong riềng",
    storage="Nơi khô",
    shelf_life_days=365,
    has_origin=True,
    ready_photos=1,
    priced_packs=1,
    numbered_packs=1,
)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", list(Event))
def test_every_state_and_event_either_moves_or_is_refused(state, event):
    if (state, event) in rules.TRANSITIONS:
        assert rules.next_state(state, event) in State
    else:
        with pytest.raises(Invalid):
            rules.next_state(state, event)


def test_a_withdrawn_product_can_come_back_and_a_published_one_cannot_be_published_twice():
    assert rules.next_state(State.WITHDRAWN, Event.PUBLISH) is State.PUBLISHED
    with pytest.raises(Invalid):
        rules.next_state(State.PUBLISHED, Event.PUBLISH)


@pytest.mark.parametrize(
    "number", ["4006381333931", "9780201379624", "2000000000015", "12345670", "012345678905"]
)
def test_known_numbers_have_right_check_digits(number):
    assert rules.is_gtin(number)


@pytest.mark.parametrize(
    "number", ["4006381333932", "", "123", "40063813339310", "４００６３８１３３３９３１", "400638133393x"]
)
def test_wrong_numbers_are_no_gtin(number):
    assert not rules.is_gtin(number)


@given(st.integers(1, 10**10 - 1))
def test_restricted_numbers_are_valid_and_recognised(number):
    gtin = rules.restricted_gtin(number)
    assert rules.is_gtin(gtin) and rules.is_restricted(gtin) and rules.ean13(gtin).startswith("20")


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body, place, change):
    good = body + str(rules.check_digit(body))
    wrong = good[:place] + str((int(good[place]) + change) % 10) + good[place + 1 :]
    assert rules.is_gtin(good) and not rules.is_gtin(wrong)


def test_a_number_outside_the_range_is_not_minted():
    with pytest.raises(ValueError, match="restricted"):
        rules.restricted_gtin(0)


def test_the_expected_check_digit_is_named():
    with pytest.raises(Invalid) as refused:
        rules.check_gtin("8931234567891", "893123456")
    assert "phải là 8" in str(refused.value) or str(rules.check_digit("893123456789")) in str(refused.value)


def test_an_own_number_must_start_with_the_own_prefix():
    own = "893123456789" + str(rules.check_digit("893123456789"))
    assert rules.check_gtin(f" {own[:3]} {own[3:]} ", "893123456") == f"0{own}"
    for prefix in (None, "", "893999"):
        with pytest.raises(Invalid, match="GS1"):
            rules.check_gtin(own, prefix)


def test_a_restricted_number_is_never_typed_in():
    with pytest.raises(Invalid, match="do chợ cấp"):
        rules.check_gtin("2000000000015", None)


@pytest.mark.parametrize(
    ("price", "quantity", "unit", "expected"),
    [
        (55_000, 500, "g", UnitPrice(110_000, "kg")),
        (65_000, 10, "ml", UnitPrice(650_000, "100 ml")),
        (185_000, 500, "ml", UnitPrice(370_000, "lít")),
        (100, 300, "g", UnitPrice(333, "kg")),
        (75_000, 30, "piece", UnitPrice(2_500, "cái")),
        (420_000, 1, "piece", None),
    ],
)  # fmt: skip
def test_unit_prices_as_on_a_shelf(price, quantity, unit, expected):
    assert rules.unit_price(price, quantity, unit) == expected


def test_a_whole_product_lacks_nothing_and_an_empty_one_nearly_everything():
    assert rules.missing(WHOLE) == []
    assert {one.anchor for one in rules.missing(Facts())} == {
        "photos",
        "name",
        "category_id",
        "story",
        "origin",
        "packs",
    }


@pytest.mark.parametrize(
    ("field", "value", "anchor"),
    [
        ("ingredients", "", "ingredients"),
        ("storage", "", "storage"),
        ("shelf_life_days", None, "shelf_life_days"),
        ("ready_photos", 0, "photos"),
        ("story", "ngắn", "story"),
        ("numbered_packs", 0, "packs"),
        ("has_origin", False, "origin"),
    ],
)
def test_each_missing_thing_is_named(field, value, anchor):
    facts = Facts(**{**WHOLE.__dict__, field: value})
    assert [one.anchor for one in rules.missing(facts)] == [anchor]


def test_cosmetics_need_a_notification_number_and_crafts_neither_ingredients_nor_shelf_life():
    cosmetic = Facts(**{**WHOLE.__dict__, "kind": Kind.COSMETIC})
    assert [one.anchor for one in rules.missing(cosmetic)] == ["notification_number"]
    craft = Facts(
        **{**WHOLE.__dict__, "kind": Kind.CRAFT, "ingredients": "", "storage": "", "shelf_life_days": None}
    )
    assert rules.missing(craft) == []


def test_health_foods_must_say_that_they_are_no_medicine():
    facts = Facts(**{**WHOLE.__dict__, "kind": Kind.HEALTH_FOOD})
    assert [one.anchor for one in rules.missing(facts)] == ["warning"]
    said = "Thực phẩm này không phải là thuốc, không có tác dụng thay thế thuốc chữa bệnh."
    warned = Facts(**{**facts.__dict__, "warning": said})
    assert rules.missing(warned) == [] and rules.hits(warned) == []


@pytest.mark.parametrize("name", ["Rượu men lá Bằng Phúc", "Bia thủ công", "RƯỢU ngô"])
def test_alcohol_is_refused_by_name(name):
    assert rules.names_alcohol(name)
    assert [one.anchor for one in rules.missing(Facts(**{**WHOLE.__dict__, "name": name}))] == ["name"]


@pytest.mark.parametrize("name", ["Đá chạm khắc", "Dấm chuối", "Biển gỗ"])
def test_other_names_are_no_alcohol(name):
    assert not rules.names_alcohol(name)


@pytest.mark.parametrize("text", ["Chữa bệnh dạ dày", "hỗ trợ ĐIỀU TRỊ ho", "đặc trị mất ngủ"])
def test_promises_of_a_cure_are_hits(text):
    facts = Facts(**{**WHOLE.__dict__, "story": text})
    assert rules.hits(facts)
    assert not rules.hits(Facts(**{**facts.__dict__, "kind": Kind.CRAFT}))


def test_harmless_uses_of_the_words_are_no_hits():
    assert rules.medicine_words("Sửa chữa máy xát bột; không thay thế thuốc chữa bệnh") == []


def test_a_story_has_a_stated_limit():
    assert rules.check_story("a" * 5_000)
    with pytest.raises(Invalid, match="50000 chữ, nhiều nhất là 5000"):
        rules.check_story("a" * 50_000)


def test_quality_rises_with_what_is_there():
    better = Facts(**{**WHOLE.__dict__, "ready_photos": 3, "story": "x" * 300, "usage": "Nấu"})
    assert rules.quality_steps(Facts()) < rules.quality_steps(WHOLE) < rules.quality_steps(better) == 10
