"""Phones and passwords."""

import pytest

from accounts.rules import Actor, Role, check_password, normalise_phone, show_phone
from core.errors import Invalid, NotAllowed

EIGHT = [
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "0912-345-678",
    "+84912345678",
    "+84 912 345 678",
    "84912345678",
    "0084912345678",
    "(+84) 912345678",
    "+84 0912345678",
    "０９１２３４５６７８",
]


@pytest.mark.parametrize("typed", EIGHT)
def test_a_phone_number_in_any_spelling_is_the_same_number(typed: str) -> None:
    assert normalise_phone(typed) == "+84912345678"


@pytest.mark.parametrize("typed", ["", "091234567", "abc", "123", "09123456789012345", "+1"])
def test_what_is_no_number_is_refused_with_what_was_read(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        normalise_phone(typed)
    assert refused.value.field == "phone" and refused.value.remedy


def test_a_number_is_shown_as_people_write_it() -> None:
    assert show_phone("+84912345678") == "0912 345 678"
    assert show_phone("+4915112345678") == "+4915112345678"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaa", "12345678", "0912345678", "x" * 129])
def test_an_easy_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, "+84912345678")


def test_three_words_are_a_good_password() -> None:
    check_password("chèmiếnrừng", "+84912345678")


def test_an_actor_of_one_cooperative_may_not_serve_another() -> None:
    manager = Actor(user_id=1, role=Role.MANAGER, organisation_id=7)
    manager.must_serve(7)
    manager.must_be(Role.MANAGER)
    with pytest.raises(NotAllowed):
        manager.must_serve(8)
    with pytest.raises(NotAllowed):
        manager.must_be(Role.TREASURER)
