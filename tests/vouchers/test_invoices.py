"""Tax codes: the check digit, and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FormErrors, Invalid
from orders.invoices.rules import Invoice, check_digit, checked, read_tax_code

GOOD = Invoice("Công ty Mẫu", "0100109106", "Số 8, ngõ Mẫu", "ketoan@mau.vn")


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(nine, place, more):
    last = check_digit(nine)
    if last is None:
        return
    wrong = nine[:place] + str((int(nine[place]) + more) % 10) + nine[place + 1 :]
    assert read_tax_code(f"{nine}{last}") == f"{nine}{last}"
    with pytest.raises(Invalid):
        read_tax_code(f"{wrong}{last}")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("0100109106", "0100109106"), ("01 0010 9106", "0100109106"), ("0100109106-001", "0100109106-001"),
     ("001203004567", "001203004567"), ("", "")],
)  # fmt: skip
def test_a_code_is_stored_in_one_shape(typed, stored):
    assert read_tax_code(typed) == stored


@pytest.mark.parametrize("typed", ["123", "0100109107", "01001091061", "abc", "０１００１０９１０６"])
def test_what_is_no_code_is_refused_at_its_field(typed):
    with pytest.raises(Invalid) as refused:
        read_tax_code(typed)
    assert refused.value.field == "tax_code"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "invoice_name"), ({"address": ""}, "invoice_address"), ({"email": "mau.vn"}, "invoice_email"),
     ({"tax_code": "123"}, "invoice_tax_code")],
)  # fmt: skip
def test_an_invoice_that_cannot_be_written_names_its_field(change, field):
    from dataclasses import replace

    assert checked(GOOD) == GOOD
    with pytest.raises(FormErrors) as refused:
        checked(replace(GOOD, **change))
    assert [one.field for one in refused.value.errors] == [field]


@pytest.mark.usefixtures("ctx")
def test_card_and_invoice_go_when_the_buyer_is_erased():
    from dataclasses import replace
    from datetime import timedelta

    import sqlalchemy as sa

    from core import clock
    from core.db import db, transaction
    from orders.models import InvoiceRequest, Purchase
    from orders.operations import Wanted
    from orders.records.operations import erase_buyers
    from orders.rules import Method
    from payments.operations import check_out, expire_unpaid
    from tests.conftest import NOW
    from tests.factories.payments import buyer
    from tests.payments.scene import shelf

    pack = shelf()[1]
    who = replace(buyer(), gift_note="Chúc bà mạnh khoẻ", invoice=GOOD)
    with transaction():
        check_out("a-key-of-mine", who, [Wanted(pack.id, 1)], Method.VIETQR)
    assert db.session.execute(sa.select(InvoiceRequest.email)).scalar_one() == "ketoan@mau.vn"
    with clock.use(NOW + timedelta(hours=2)):
        expire_unpaid()
    with clock.use(NOW + timedelta(days=4 * 366)), transaction():
        assert erase_buyers() == 1
    assert db.session.execute(sa.select(InvoiceRequest)).first() is None
    assert db.session.execute(sa.select(Purchase.gift_note)).scalar_one() == ""
