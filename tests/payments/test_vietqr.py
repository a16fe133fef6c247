"""VietQR payloads: written, read, refused, and read back from the picture."""

import io

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from vietnam_qr_pay import QRPay

from core.errors import Invalid
from payments.providers import vietqr

BINS = st.from_regex(r"[0-9]{6}", fullmatch=True)
ACCOUNTS = st.from_regex(r"[A-Z0-9]{1,19}", fullmatch=True)
AMOUNTS = st.one_of(st.none(), st.integers(1, vietqr.AMOUNT_MAX_VND))


@given(BINS, ACCOUNTS, AMOUNTS, st.text(max_size=60))
def test_what_is_written_is_read_back(bank: str, account: str, amount: int | None, purpose: str) -> None:
    words = vietqr.folded(purpose)[:25].strip()
    read = vietqr.decode(vietqr.build(bank, account, amount_vnd=amount, purpose=words))
    assert (read.bank_bin, read.account_number, read.amount_vnd) == (bank, account, amount)
    assert read.purpose == words
    assert read.method == ("11" if amount is None else "12")


@given(st.text(max_size=80))
def test_a_purpose_is_folded_and_never_cut(purpose: str) -> None:
    words = vietqr.folded(purpose)
    assert words.isascii()
    assert vietqr.folded(words) == words
    if len(words) > 25:
        with pytest.raises(Invalid, match="25"):
            vietqr.build("970416", "1", purpose=purpose)
    else:
        assert vietqr.inspect(vietqr.build("970416", "1", purpose=purpose)).purpose == (words or None)


@given(BINS, st.integers(1, 10**9), st.text(alphabet="ABCĐế dương 09", max_size=25))
def test_the_purpose_is_plain_letters_that_every_bank_carries(bank: str, amount: int, purpose: str) -> None:
    payload = vietqr.build(bank, "0123", amount_vnd=amount, purpose=purpose)
    assert payload.isascii()
    assert len(vietqr.decode(payload).purpose) <= 25


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_one_changed_character_is_noticed(position: int, letter: str) -> None:
    payload = vietqr.build("970416", "257678859", amount_vnd=10_000, purpose="CP7K2M")
    position %= len(payload) - 4
    if payload[position] == letter:
        return
    with pytest.raises(Invalid):
        vietqr.decode(payload[:position] + letter + payload[position + 1 :])


@given(st.text(max_size=120))
def test_no_text_makes_the_reader_crash(text: str) -> None:
    body = text + "6304"
    for payload in (text, body + vietqr.crc16(body)):
        try:
            vietqr.decode(payload)
        except Invalid as error:
            assert error.message


@given(BINS, st.from_regex(r"[0-9]{6,15}", fullmatch=True), st.integers(1, 10**9))
def test_the_library_vietnam_qr_pay_reads_ours(bank: str, account: str, amount: int) -> None:
    theirs = QRPay(vietqr.build(bank, account, amount_vnd=amount, purpose="CP7K2M4X"))
    assert theirs.is_valid
    assert theirs.consumer.bank_bin == bank
    assert theirs.consumer.bank_number == account
    assert theirs.amount == str(amount)
    assert theirs.additional_data.purpose == "CP7K2M4X"


@pytest.mark.parametrize("purpose", ["CP7K2M4X", "a", "Tra tien don CP7K2M4X"])
def test_the_picture_decodes_to_the_same_payload(purpose: str) -> None:
    payload = vietqr.build("970416", "257678859", amount_vnd=200_000, purpose=purpose)
    rows = vietqr.matrix(payload)
    picture = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell:
                picture.putpixel((x + 4, y + 4), 0)
    (found,) = zxingcpp.read_barcodes(
        picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)
    )
    assert found.text == payload


def test_the_picture_is_the_one_an_ordinary_generator_makes() -> None:
    payload = vietqr.build("970416", "257678859", amount_vnd=1)
    out = io.StringIO()
    segno.make(payload, error="m", micro=False, boost_error=False).save(out, kind="txt", border=0)
    ours = ["".join("01"[cell] for cell in row) for row in vietqr.matrix(payload)]
    assert out.getvalue().split() == ours


@pytest.mark.parametrize(
    ("bank", "account", "amount", "service"),
    [("97041", "1", 1, "QRIBFTTA"), ("97041a", "1", 1, "QRIBFTTA"), ("970416", "", 1, "QRIBFTTA"), 
     ("970416", "1 2", 1, "QRIBFTTA"),
     ("970416", "1" * 20, 1, "QRIBFTTA"), ("٩٧٠٤١٦", "1", 1, "QRIBFTTA"), ("970416", "1", 0, "QRIBFTTA"),
     ("970416", "1", -5, "QRIBFTTA"),
     ("970416", "1", 10**13, "QRIBFTTA"), ("970416", "1", 1, "QRPUSH")],
)  # fmt: skip
def test_a_wrong_bank_account_amount_or_service_is_refused(
    bank: str, account: str, amount: int, service: str
) -> None:
    with pytest.raises(Invalid):
        vietqr.build(bank, account, amount_vnd=amount, service=service)


def test_a_card_number_has_its_own_service() -> None:
    assert vietqr.decode(vietqr.build("970416", "9704168888888888", service="QRIBFTTC")).service == "QRIBFTTC"
