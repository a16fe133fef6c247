"""Numbers in words: the rules of speech as a table, and every number read back to itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numerals import MOST, english, spoken_vnd, spoken_weight, vietnamese

SAID = {
    0: "không", 1: "một", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi",
    21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm", 91: "chín mươi mốt", 100: "một trăm",
    101: "một trăm lẻ một", 104: "một trăm lẻ bốn", 105: "một trăm lẻ năm", 110: "một trăm mười",
    115: "một trăm mười lăm", 121: "một trăm hai mươi mốt", 999: "chín trăm chín mươi chín", 1000: "một nghìn",
    1001: "một nghìn không trăm lẻ một", 1010: "một nghìn không trăm mười", 10_000: "mười nghìn",
    31_420: "ba mươi mốt nghìn bốn trăm hai mươi", 65_000: "sáu mươi lăm nghìn", 100_000: "một trăm nghìn",
    105_000: "một trăm lẻ năm nghìn", 1_000_000: "một triệu", 1_005_000: "một triệu không trăm lẻ năm nghìn",
    1_000_005: "một triệu không trăm lẻ năm", 21_000_000: "hai mươi mốt triệu", 1_000_000_000: "một tỷ",
    1_000_000_001: "một tỷ không trăm lẻ một", 2_050_000_000: "hai tỷ không trăm năm mươi triệu",
    1_000_000_000_000: "một nghìn tỷ",
    12_345_678_901: "mười hai tỷ ba trăm bốn mươi lăm triệu sáu trăm bảy mươi tám nghìn chín trăm lẻ một",
    -5: "âm năm",
}  # fmt: skip


@pytest.mark.parametrize(("value", "words"), SAID.items())
def test_a_number_is_said_as_people_say_it(value: int, words: str) -> None:
    assert vietnamese(value) == words


UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6,
         "bảy": 7, "tám": 8, "chín": 9}  # fmt: skip


def heard(text: str) -> int:
    """A listener who knows nothing of the speaker: words back to a number."""
    if text.startswith("âm "):
        return -heard(text[3:])
    if " tỷ" in text:
        whole, _, rest = text.rpartition(" tỷ")
        return heard(whole) * 10**9 + (heard(rest.strip()) if rest else 0)
    total = group = last = 0
    for word in text.split():
        if word in UNITS:
            last = UNITS[word]
        elif word == "mười":
            group, last = group + 10, 0
        elif word == "mươi":
            group, last = group + last * 10, 0
        elif word == "trăm":
            group, last = group + last * 100, 0
        elif word in ("nghìn", "triệu"):
            total, group, last = total + (group + last) * {"nghìn": 1000, "triệu": 10**6}[word], 0, 0
        else:
            assert word == "lẻ", word
    return total + group + last


@given(st.integers(-MOST + 1, MOST - 1))
def test_what_is_said_is_heard_as_the_same_number(value: int) -> None:
    assert heard(vietnamese(value)) == value


def test_every_number_to_ten_thousand_is_heard_as_itself_and_no_two_sound_alike() -> None:
    said = [vietnamese(value) for value in range(10_001)]
    assert [heard(one) for one in said] == list(range(10_001))
    assert len(set(said)) == len(said)


@given(st.integers(-MOST + 1, MOST - 1))
def test_there_is_one_space_between_words_and_none_around(value: int) -> None:
    for text in (vietnamese(value), english(value)):
        assert text == " ".join(text.split()) and text


@pytest.mark.parametrize("value", [MOST, -MOST])
def test_what_is_beyond_all_speech_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="beyond"):
        vietnamese(value)
    with pytest.raises(ValueError, match="beyond"):
        english(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "zero"), (19, "nineteen"), (21, "twenty-one"), (100, "one hundred"), (1005, "one thousand and five"),
     (31_420, "thirty-one thousand four hundred and twenty"), (2_000_000_000, "two billion"), (-7, "minus seven")],
)  # fmt: skip
def test_english_says_it_too(value: int, words: str) -> None:
    assert english(value) == words


def test_amounts_and_weights_carry_their_unit() -> None:
    assert spoken_vnd(31_420) == "ba mươi mốt nghìn bốn trăm hai mươi đồng"
    assert spoken_vnd(1_000, "en") == "one thousand dong"
    assert spoken_weight(30_000) == "ba mươi ki-lô-gam"
    assert spoken_weight(42_800) == "bốn mươi hai ki-lô-gam tám trăm gam"
    assert (spoken_weight(250), spoken_weight(0), spoken_weight(1_500, "en")) == (
        "hai trăm năm mươi gam", "không gam", "one kilogram five hundred grams")  # fmt: skip
