"""Every part of a page on one sheet, with and without refusals."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from core.forms import Form, KeyField, KilogramField, VndField
from tests.site.reading import Page, faults

PICTURE = SimpleNamespace(illustration="mien-dong", alt="Bó miến")
PHOTO = SimpleNamespace(
    illustration="",
    alt="Chai dầu",
    webp=((320, "/media/a.webp"), (640, "/media/b.webp")),
    jpeg="/media/c.jpg",
)
CARD = SimpleNamespace(
    href="/products/mien", name="Miến dong, 500 g", picture=PICTURE, seller="HTX Ta", place="Côn Minh",
    price_vnd=55_000, ocop_stars=5, unit_price="110.000 đ / kg", share_percent=62, sold_out=False,
)  # fmt: skip
PARTS = [("Các hộ", 35_750, 1), ("HTX", 16_250, 2), ("Quỹ", 13_000, 3), ("Không có", 0, 4)]


class _Form(Form):
    key = KeyField()
    name = StringField("Tên hàng", [InputRequired()])
    price = VndField("Giá bán", [InputRequired()])
    weight = KilogramField("Cân nặng")
    story = TextAreaField("Kể về món này")
    kind = SelectField("Loại hàng", choices=[SelectChoice("mien", "Miến, bún")])
    day = DateField("Ngày")
    secret = PasswordField("Mật khẩu")
    method = RadioField(
        "Trả cách nào?", choices=[SelectChoice("vietqr", "VietQR"), SelectChoice("unknown", "Không biết")]
    )
    agree = BooleanField("Nhắn cho tôi khi hàng tới")
    photo = FileField("Chụp ảnh")
    household = RadioField("Nhà ai?", choices=[SelectChoice("a", "Bà Lềnh"), SelectChoice("b", "Ông Páo")])


@pytest.fixture
def sheet(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Renders the sheet; `refused` fills it with refusals."""
    folder = Path(__file__).parent / "sheet"
    monkeypatch.setattr(
        app.jinja_env, "loader", ChoiceLoader([app.jinja_env.loader, FileSystemLoader(folder)])
    )

    def render(refused: bool, language: str = "vi") -> Page:
        with app.test_request_context(f"/sheet?hl={language}", method="POST" if refused else "GET"):
            form = _Form()
            if refused:
                form.validate()
                form.form_errors.append("Giá đã đổi.")
            return Page(render_template("sheet.html", form=form, parts=PARTS, card=CARD, photo=PHOTO))

    return render


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("refused", [False, True])
def test_every_part_is_valid_and_labelled(sheet: Any, refused: bool, language: str) -> None:
    assert faults(sheet(refused, language)) == []


def test_a_refusal_stands_in_the_summary_and_beside_its_field(sheet: Any) -> None:
    page = sheet(True)
    summary = next(e for e in page.root.iter() if e.get("role") == "alert")
    links = {link.get("href") for link in summary.iter() if link.tag == "a"}
    assert {"#name", "#price", "#method-0", "#household-0"} <= links
    field = next(e for e in page.all("input") if e.get("id") == "price")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "price-e"


def test_nothing_refused_shows_no_summary(sheet: Any) -> None:
    assert all(e.get("role") != "alert" for e in sheet(False).root.iter())


def test_the_cloth_of_a_price_names_each_share_and_leaves_out_what_is_nothing(sheet: Any) -> None:
    cloth = next(e for e in sheet(False).root.iter() if e.get("class") == "weave")
    assert cloth.get("aria-label") == "Các hộ 55\u00a0%, HTX 25\u00a0%, Quỹ 20\u00a0%"
    assert [e.get("width") for e in cloth.iter() if e.get("class")][1:] == ["55.0%", "25.0%", "20.0%"]
