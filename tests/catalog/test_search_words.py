"""How a query is read: left-overs of typing, quantities, other words. Pure."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search.amounts import Amount, take_amount
from catalog.search.facets import band_edges, band_of, bands_between
from catalog.search.leftovers import decode, is_syllable
from catalog.search.ranking import Candidate, rank
from catalog.search.rules import fewer_words, read_query, term_texts
from catalog.search.spelling.rules import Guess, combined
from catalog.search.synonyms import FILE, load
from core.text import fold


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tinh daauf", "tinh dầu"),
        ("mieens", "miến"),
        ("mienes", "miến"),
        ("ddawks noong", "đắk nông"),
        ("que61", "quế"),
        ("mu7o7p1 d9a8ng1", "mướp đắng"),
        ("ruwngf", "rừng"),
        ("nuwowcs", "nước"),
        ("hoaf", "hoà"),
        ("giaf", "già"),
        ("quys", "quý"),
        ("ngheej thuaatj", "nghệ thuật"),
        ("chuoois", "chuối"),
        ("caf phee", "cà phê"),
        ("khoai lang", "khoai lang"),
        ("ocop", "ocop"),
        ("cafe", "cafe"),
        ("honey", "honey"),
        ("sả", "sả"),
        ("500", "500"),
    ],
)
def test_left_overs_of_typing_are_decoded_and_real_words_left_alone(typed, meant):
    assert " ".join(decode(word) for word in typed.split()) == unicodedata.normalize("NFC", meant)


@given(st.text(alphabet="abcdeghiklmnopqrstuvxywfjz0123456789", min_size=1, max_size=10))
def test_decoding_gives_a_syllable_or_the_word_itself(word):
    assert decode(word) == word or is_syllable(decode(word))


@pytest.mark.parametrize(
    ("typed", "rest", "amount"),
    [
        ("miến 5 cân", "miến", (5000, "g")),
        ("2 lạng nấm", "nấm", (200, "g")),
        ("500g", "", (500, "g")),
        ("1,5kg", "", (1500, "g")),
        ("1.000 g gạo", "gạo", (1000, "g")),
        ("nửa ký nghệ", "nghệ", (500, "g")),
        ("một cân rưỡi", "", (1500, "g")),
        ("1/2 lít mật ong", "mật ong", (500, "ml")),
        ("tinh dầu 10ml", "tinh dầu", (10, "ml")),
        ("2 yến gạo", "gạo", (20_000, "g")),
        ("ba cân", "", (3000, "g")),
        ("hồ ba bể", "hồ ba bể", None),
        ("5 sao", "5 sao", None),
        ("0 kg", "0 kg", None),
        ("1/0 kg", "1/0 kg", None),
        ("999999 tạ", "999999 tạ", None),
        ("cân điện tử", "cân điện tử", None),
    ],
)
def test_quantities_are_read_as_people_speak(typed, rest, amount):
    assert take_amount(typed) == (rest, Amount(*amount) if amount else None)
    assert take_amount(unicodedata.normalize("NFD", typed))[1] == take_amount(typed)[1]


@given(st.text(max_size=60))
def test_every_text_is_a_query(typed):
    query = read_query(typed)
    assert len(term_texts(query)) == len(query.terms) and len(fewer_words(query)) in (0, len(query.terms))
    assert all(
        word == fold(word) and word.isalnum() for term in query.terms for phrase in term for word in phrase
    )


def test_the_groups_of_words_are_well_formed():
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    for group in (*raw["regional"], *raw["peoples"], *raw["english"]):
        plain = [member.removeprefix("!") for member in group]
        assert len(set(plain)) == len(plain) >= 2, group
        assert all(text == unicodedata.normalize("NFC", text).lower() for text in plain), group
    assert not set(load().may_drop) & set(load().folded), "a word that narrows nothing has other words"


def test_words_that_would_be_others_without_marks_need_their_marks():
    assert ("qua",) in read_query("trái").terms[0] and read_query("trai").terms == ((("trai",),),)
    assert ("ngo",) in read_query("bap").terms[0] and ("bap",) in read_query("ngô").terms[0]


def _one(number, name, about="", sizes="", in_stock=False):
    return Candidate(number, name, fold(name), about, sizes, in_stock)


def test_the_order_is_the_one_that_the_page_about_ranking_tells():
    goods = [
        _one(1, "hộp quà", "tinh dau que"),
        _one(2, "quế và tinh dầu"),
        _one(3, "tinh dầu quế rừng na rì"),
        _one(4, "tinh dầu quế"),
        _one(5, "tinh dâu que"),
        _one(6, "tinh dầu quế", in_stock=True),
        _one(7, "chai to", "tinh dau que", "qzl500"),
    ]
    assert rank(read_query("tinh dầu quế"), goods) == [6, 4, 3, 2, 5, 7, 1]
    assert rank(read_query("tinh dầu quế 500ml"), goods)[0] == 7
    assert rank(read_query("tinh dau que"), goods)[:4] == [6, 5, 4, 3]


def test_price_bands_cover_every_price_once():
    assert [band_of(edge) for edge in (0, 49_999, 50_000, 499_999, 500_000, 10**9)] == [0, 0, 1, 3, 4, 4]
    assert bands_between(None, None) == (0, 1, 2, 3, 4) and bands_between(60_000, 150_000) == (1, 2)
    assert all(bands_between(*band_edges(band)) == (band,) for band in range(5))


def test_spellings_that_stand_together_in_the_shop_come_first():
    places = [[Guess("tinh", "tinh", 9, 0)], [Guess("dau", "đậu", 5, 1), Guess("rau", "rau", 50, 1)]]
    assert combined(places, {"tinh dau": "tinh dầu"})[0] == "tinh dầu"
