"""The proof that a refund has gone: its number at the bank, or the slip, kept for the cooperative's money staff."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from fpdf import FPDF
from PIL import Image

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Conflict
from payments import operations
from payments.models import Refund
from tests.factories.payments import pay, place_order, staff_of
from tests.payments.scene import shelf
from tests.payments.test_views import Scene


def _owed(order: Any) -> Any:
    made = pay(order, content="không rõ")
    with transaction():
        return operations.return_transfer(staff_of(order), made.id, "nhầm")


def picture() -> io.BytesIO:
    """A slip as a phone sends it, with a position in it."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x9286] = "where I live"
    Image.effect_noise((500, 800), 60).convert("RGB").save(out, "JPEG", exif=exif)
    out.seek(0)
    return out


def paper() -> io.BytesIO:
    """A slip as a bank's site sends it."""
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=20)
    page.cell(0, 10, "FT26326 DA CHUYEN 90000")
    return io.BytesIO(bytes(page.output()))


@pytest.mark.parametrize("slip", [picture, paper])
def test_the_slip_is_kept_re_encoded_and_shown_to_money_staff_alone(
    app: Flask, client: FlaskClient, slip: Any
) -> None:
    scene = Scene(app, client, _owed)
    path = f"/manage/refunds/{scene.made_id}"
    assert client.get(f"{path}/proof").status_code == 404
    assert scene.send(path, step="sent", how="bank", proof=(slip(), "bien lai.pdf")).status_code == 302
    shown = client.get(f"{path}/proof")
    assert (shown.status_code, shown.mimetype, shown.headers["Cache-Control"]) == (
        200,
        "image/webp",
        "no-store",
    )
    kept = Image.open(io.BytesIO(shown.data))
    assert not kept.getexif()
    assert b"where I live" not in shown.data
    assert "Xem biên lai" in client.get(path).text
    assert scene.as_stranger(f"{path}/proof") == 404


def test_money_sent_by_bank_needs_its_number_or_the_slip_and_cash_needs_neither(
    app: Flask, client: FlaskClient
) -> None:
    scene = Scene(app, client, _owed)
    path = f"/manage/refunds/{scene.made_id}"
    refused = scene.send(path, step="sent", how="bank")
    assert refused.status_code == 422
    assert "gửi ảnh biên lai" in refused.text
    assert scene.send(path, step="sent", how="bank", reference="FT1").status_code == 302


@pytest.mark.parametrize("data", [b"%PDF-1.7 broken", b"hello", b"<svg onload=alert(1)>"])
def test_what_is_no_slip_is_refused_and_nothing_is_marked(
    app: Flask, client: FlaskClient, data: bytes
) -> None:
    scene = Scene(app, client, _owed)
    path = f"/manage/refunds/{scene.made_id}"
    assert scene.send(path, step="sent", how="bank", proof=(io.BytesIO(data), "x.pdf")).status_code == 422
    with app.app_context():
        assert db.session.get_one(Refund, scene.made_id).state == "due"


def test_a_slip_may_follow_and_replace(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _owed)
    path = f"/manage/refunds/{scene.made_id}"
    scene.send(path, step="sent", how="bank", reference="FT1")
    assert scene.send(path, step="proof").status_code == 422
    assert scene.send(path, step="proof", proof=(picture(), "a.jpg")).status_code == 302
    first = client.get(f"{path}/proof").data
    assert scene.send(path, step="proof", proof=(paper(), "a.pdf")).status_code == 302
    assert client.get(f"{path}/proof").data != first


@pytest.mark.usefixtures("ctx")
def test_money_that_has_not_gone_has_no_proof() -> None:
    order = place_order([(shelf()[1], 1)])[0]
    owed = _owed(order)
    with pytest.raises(Conflict), transaction():
        operations.keep_proof(staff_of(order, Role.TREASURER), owed.id, "x/aa/b.webp")
