"""Signed texts: read back as written, refused when anything about them was changed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import BadSignature, SignatureExpired

from core.seals import LONG, Sealed, SealedTimed

SECRET = "a secret of the test"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_was_sealed_is_read_back(value):
    seal = Sealed(SECRET, salt="test")
    assert seal.loads(seal.dumps(value)) == value


@given(st.data())
def test_one_letter_changed_anywhere_is_refused(data):
    seal = Sealed(SECRET, salt="test")
    text = seal.dumps({"name": "Triệu Thị Lềnh"})
    at = data.draw(st.integers(0, len(text) - 2))  # a last letter of base64 has bits that say nothing
    letter = data.draw(st.sampled_from("aB3_-.").filter(lambda one: one != text[at]))
    with pytest.raises(BadSignature):
        seal.loads(text[:at] + letter + text[at + 1 :])


@pytest.mark.parametrize("other", [Sealed(SECRET, salt="elsewhere"), Sealed("another secret", salt="test")])
def test_another_purpose_or_secret_is_refused(other):
    with pytest.raises(BadSignature):
        other.loads(Sealed(SECRET, salt="test").dumps("yes"))


def test_an_old_secret_still_opens_what_it_sealed_and_the_new_one_seals():
    old, both = Sealed("old", salt="test"), Sealed(["old", "new"], salt="test")
    assert both.loads(old.dumps("kept")) == "kept"
    with pytest.raises(BadSignature):
        old.loads(both.dumps("fresh"))


def test_a_long_text_is_shortened_and_fits_a_cookie():
    draft = {"note": "Gói kỹ giúp em, hàng gửi lên bản. " * 24, "gift": "Chúc mừng năm mới. " * 10}
    sealed = SealedTimed(SECRET, salt="test").dumps(draft)
    assert len(str(draft).encode()) > LONG > 0
    assert len(sealed) < 1200
    assert SealedTimed(SECRET, salt="test").loads(sealed) == draft


def test_a_token_grows_old():
    seal = SealedTimed(SECRET, salt="test")
    token = seal.dumps("yes")
    assert seal.loads(token, max_age=60) == "yes"
    time.sleep(1.1)
    with pytest.raises(SignatureExpired):
        seal.loads(token, max_age=0)
