"""Orders out of words: codes, names, amounts, phones, addresses; and how well, on sets that people judged."""

import time

import pytest

from catalog.rules import Unit
from channels.live.judging import FILE, judge, load
from channels.reading.contacts import read_contact
from channels.reading.goods import Good, Shelf
from channels.reading.rules import Intent, read_items, read_message

SHELF = load()[0]
PROVINCES = {"ha noi", "thai nguyen", "bac kan"}


def test_the_judged_comments_are_read_as_people_judged_them():
    verdict = judge(*load())
    assert verdict.comments >= 150 and verdict.missed == ()


def test_comments_that_the_rules_were_not_written_for_are_read_well_enough():
    verdict = judge(*load(FILE.with_name("unseen.tsv")))
    assert verdict.comments >= 40 and verdict.precision >= 0.95 and verdict.recall >= 0.9


def test_a_wrong_reading_is_counted_as_one():
    shelf, judged = load()
    one = (
        next(each for each in judged if each.text == "m1 x2")
        if any(e.text == "m1 x2" for e in judged)
        else judged[2]
    )
    verdict = judge(shelf, [type(one)(one.text, one.intent, frozenset({(("M1",), 9)}))])
    assert (verdict.right, verdict.precision, verdict.recall, len(verdict.missed)) == (0, 0.0, 0.0, 1)


def test_two_hundred_comments_take_less_than_a_second():
    texts = [one.text for one in load()[1]]
    began = time.process_time()
    for number in range(200):
        read_message(texts[number % len(texts)], SHELF)
    assert time.process_time() - began < 1


def test_what_may_be_two_things_is_not_decided():
    items = read_items("2 gói miến", SHELF)
    assert [(one.pack, one.quantity, {good.code for good in one.packs}) for one in items] == [
        (None, 2, {"M1", "M2"})
    ]


def test_an_amount_that_is_no_whole_number_of_packs_is_asked_about():
    item = read_items("5 cân gạo bao thai", SHELF)[0]
    assert item.pack is None and not item.adds_up


@pytest.mark.parametrize("text", ["mình ơi", "cho mình hỏi", "con trai mình thích", "đắt quá", ""])
def test_words_that_look_like_goods_without_their_marks_are_none(text):
    shelf = Shelf((Good(1, 1, "Miến dong Côn Minh", "Gói", 500, Unit.GRAM),))
    assert read_message(text, shelf).intent is not Intent.ORDER


WHOLE = {
    "Chị lấy 2 gói miến dong 500g nhé. Nguyễn Thị Hoa 0912 345 678, số 8 ngõ 3, phường Cầu Giấy, Hà Nội": (
        "Nguyễn Thị Hoa", "số 8 ngõ 3", "phường Cầu Giấy, Hà Nội"),
    "Tên: Đỗ Minh Mẫu\nSĐT: 0912.345.678\nĐịa chỉ: thôn Bản Cào, xã Côn Minh, huyện Na Rì, Bắc Kạn\nLấy 1 mật ong": (
        "Đỗ Minh Mẫu", "thôn Bản Cào", "xã Côn Minh, huyện Na Rì, Bắc Kạn"),
    "cho minh 2 chai tinh dau que, ship ve 12 ngo 5 duong Lang phuong Lang Thuong quan Dong Da Ha Noi, sdt 0912345678,"
    " em la Lan": ("Lan", "12 ngo 5 duong Lang", "phuong Lang Thuong quan Dong Da Ha Noi"),
    "+84 912 345 678 Hoàng Văn Tú\nTổ 4, P. Đức Xuân, TP Bắc Kạn, Bắc Kạn\n1 mật ong rừng, 2 chè dây": (
        "Hoàng Văn Tú", "Tổ 4", "P. Đức Xuân, TP Bắc Kạn, Bắc Kạn"),
    "Ship cho mình: Trần Hà, 25 Lý Thường Kiệt, Hoàn Kiếm, Hà Nội. đt 0912 345 678. Miến 1kg x2": (
        "Trần Hà", "25 Lý Thường Kiệt", "Hoàn Kiếm, Hà Nội"),
}  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_name_phone_and_address_come_out_of_a_message(text):
    found = read_contact(text, lambda piece: piece in PROVINCES, lambda piece: bool(read_items(piece, SHELF)))
    assert (found.phone, found.name, found.address_line, found.place) == ("+84912345678", *WHOLE[text])
    assert read_items(found.rest, SHELF)


def test_goods_that_are_not_sold_here_are_no_address():
    text = "Chị ơi cho em 2 gói bánh 500g. Nguyễn Thị Hoa 0912 345 678, số 8 ngõ 3, phường Cầu Giấy, Hà Nội"
    found = read_contact(text, lambda piece: piece in PROVINCES, lambda piece: False)
    assert (found.name, found.address_line) == ("Nguyễn Thị Hoa", "số 8 ngõ 3")


@pytest.mark.parametrize(
    "text", ["", "\n\n", "0", "x" * 4_000, "1 " * 2_000, "m1 " * 1_000, "😀" * 100, "0912 " * 500]
)
def test_odd_messages_are_read_quickly_and_without_a_fault(text):
    began = time.process_time()
    read_message(text, SHELF)
    read_contact(text, lambda piece: False, lambda piece: False)
    assert time.process_time() - began < 1


def test_a_word_of_goods_in_somebodys_name_orders_nothing():
    shelf = Shelf((Good(1, 1, "Khoai môn Nguyên Phúc", "Củ", 1_000, Unit.GRAM),))
    assert read_items("Nguyễn Thị Hồng Phúc", shelf) == () != read_items("Lấy 2 Khoai môn", shelf)
    assert [one.quantity for one in read_items("LẤY 3 KHOAI", shelf)] == [3]
