"""Sheets of labels: asked for, made by the worker, read back, fetched by the cooperative's staff alone."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from accounts.rules import SYSTEM
from catalog.rules import NOT_MEDICINE, Kind
from core import files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of, treasurer_of
from tests.factories.traceability import create_lot
from traceability.gs1.links import printed_link
from traceability.labels.composing import Unfit, Words, width_mm
from traceability.labels.composition import label
from traceability.labels.drawing import FONTS, draw
from traceability.labels.fields import ASKED, lacking
from traceability.labels.models import LabelSheet
from traceability.labels.operations import order_labels, reprint, void_sheet
from traceability.labels.pictures import svg
from traceability.labels.queries import all_void
from traceability.labels.reading import Unreadable, check, expected, symbols
from traceability.labels.rules import LAYOUTS, Content, net_text, pages_needed, small_print
from traceability.labels.tasks import make_sheets
from traceability.operations import mark_recalled

GTIN, LOT = "02000000000015", "MD-261108-01"
CONTENT = Content(
    name="Miến dong Tài Hoan", pack="gói 500 g", net="500 g", gtin=GTIN, restricted=True,
    link=printed_link("https://chophien.example.vn", GTIN, LOT), lot=LOT, made_on=date(2026, 11, 8),
    expires_on=date(2027, 11, 8), cooperative="HTX Tài Hoan", address="xã Côn Minh, Thái Nguyên",
    ingredients="Tinh bột dong riềng, nước", storage="Nơi khô, thoáng", price="65.000 đ", demo=True,
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_every_symbol_of_every_layout_is_read(layout):
    pdf = draw(CONTENT, layout.per_page, layout)
    [page] = symbols(pdf)
    bars = {("EAN13", GTIN[1:]): layout.per_page} if layout.bars_mm else {}
    assert page == bars | {("QRCode", CONTENT.link): layout.per_page}


def test_the_same_labels_are_the_same_bytes():
    assert draw(CONTENT, 3, LAYOUTS["3x7"]) == draw(CONTENT, 3, LAYOUTS["3x7"])
    assert draw(CONTENT, 3, LAYOUTS["3x7"]) != draw(replace(CONTENT, lot="MD-2"), 3, LAYOUTS["3x7"])


def test_a_second_page_holds_the_rest():
    pages = symbols(draw(CONTENT, 23, LAYOUTS["3x7"]))
    assert [sum(page.values()) for page in pages] == [42, 4] and pages_needed(23, LAYOUTS["3x7"]) == 2


def test_everything_the_law_asks_stands_on_the_label():
    page = pypdfium2.PdfDocument(draw(CONTENT, 1, LAYOUTS["2x4"]))[0]
    text = " ".join(page.get_textpage().get_text_range().split())
    for said in ("Miến dong Tài Hoan", "500 g", LOT, "08/11/2026", "08/11/2027", "HTX Tài Hoan",
                 "xã Côn Minh, Thái Nguyên",
                 "Tinh bột dong riềng, nước", "Nơi khô, thoáng", "Mã nội bộ của chợ", "Dữ liệu minh hoạ", "65.000 đ",
                 "Xuất xứ: Việt Nam"):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("ingredients", "tinh bột dong riềng, " * 200),
        ("usage", "ngâm rồi nấu " * 200),
        ("name", "Miến dong " * 30),
    ],
)
def test_words_too_long_for_the_label_are_refused_and_the_field_named(field, text):
    with pytest.raises(Unfit) as refusal:
        draw(replace(CONTENT, **{field: text}), 1, LAYOUTS["3x7"])
    assert refusal.value.args == (field,)


def test_words_shrink_before_they_are_refused_and_nothing_is_cut():
    longer = replace(CONTENT, ingredients="tinh bột dong riềng, " * 12)
    page = pypdfium2.PdfDocument(draw(longer, 1, LAYOUTS["2x4"]))[0]
    text = " ".join(page.get_textpage().get_text_range().split())
    assert text.count("tinh bột dong riềng") == 12 and "…" not in text


@pytest.mark.parametrize("kind", list(Kind))
def test_a_whole_label_lacks_nothing_that_the_law_asks(kind):
    whole = replace(CONTENT, usage="Nấu chín.", warning=NOT_MEDICINE, notification="1234/26/CBMP")
    assert lacking(whole, kind) == []
    bare = replace(whole, ingredients=" ", usage="", notification="", warning="", expires_on=None, address="")
    assert {one.field for one in lacking(bare, kind)} == set(ASKED[kind]) & {
        "ingredients", "usage", "notification", "warning", "expires_on", "address",
    }  # fmt: skip
    assert all(one.where in ("product", "cooperative", "lot") for one in lacking(bare, kind))


OTHERWISE = [("2000000000022", CONTENT.link, 2), (GTIN[1:], "HTTPS://X/", 2), (GTIN[1:], CONTENT.link, 3),
             (GTIN[1:], CONTENT.link, 1)]  # fmt: skip


@pytest.mark.parametrize(("digits", "link", "quantity"), OTHERWISE)
def test_a_sheet_that_reads_otherwise_is_refused(digits, link, quantity):
    with pytest.raises(Unreadable):
        check(draw(CONTENT, 2, LAYOUTS["2x4"]), [[("EAN13", digits), ("QRCode", link)]] * quantity, 8)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_labels_with_serials_are_read_each_with_its_own(layout):
    serials = [f"ABCDEFGHIJKLMNO{letter}" for letter in "ABC"]
    pdf = draw(CONTENT, 3, layout, serials)
    check(pdf, [expected(CONTENT, layout, one) for one in serials], layout.per_page)
    said = " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    assert "ABCD EFGH IJKL MNOA" in said


def test_the_letters_are_as_wide_as_the_font_says():
    with TTFont(FONTS / "NotoSans-Bold.ttf") as face:
        names, metrics = face.getBestCmap(), face["hmtx"]
        wide = sum(metrics[names[ord(sign)]][0] for sign in CONTENT.name) / face["head"].unitsPerEm
    assert width_mm(CONTENT.name, 10, bold=True) == pytest.approx(wide * 10 * 25.4 / 72)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_the_preview_is_the_printers_own_drawing(layout):
    marks = label(CONTENT, layout)
    drawn = ElementTree.fromstring(svg(marks, layout.width_mm, layout.height_mm, "Tem"))
    said = [one.text for one in drawn.iter("text")]
    assert said == [one.text for one in marks if isinstance(one, Words)]
    printed = " ".join(
        pypdfium2.PdfDocument(draw(CONTENT, 1, layout))[0].get_textpage().get_text_range().split()
    )
    assert all(" ".join(text.split()) in printed for text in said)
    for one in marks:
        assert one.x >= 0 and one.x + one.width <= layout.width_mm and 0 < one.y <= layout.height_mm


def test_an_address_too_long_for_the_size_is_refused():
    far = replace(CONTENT, link="HTTPS://" + "A" * 900)
    with pytest.raises(ValueError, match="too long"):
        draw(far, 1, LAYOUTS["3x7"])


def test_net_quantities_in_vietnamese():
    assert [net_text(500, "g"), net_text(1250, "g"), net_text(1000, "ml")] == ["500 g", "1,25 kg", "1 lít"]
    assert "Lưu ý: Không dùng cho trẻ nhỏ." in small_print(
        replace(CONTENT, warning="Không dùng cho trẻ nhỏ.")
    )


# ---- asking, making, fetching ----


@pytest.fixture
def lot(ctx):
    """A lot in the store."""
    coop = create_cooperative()
    return create_lot(coop, create_product(coop).packs[0], quantity=4)


def pack_of(lot):
    from traceability.labels.queries import packs_of

    return packs_of(lot)[0][0]


def ordered(lot, key="k" * 12, quantity=2, layout="2x4", actor=SYSTEM, pack_id=None):
    lot_id, pack_id = lot.id, pack_id or pack_of(lot)
    with transaction():
        return order_labels(actor, key, lot_id, pack_id, quantity, layout).id


def manager(lot):
    from cooperatives.queries import cooperative

    return manager_of(cooperative(lot.cooperative_id))


def test_the_worker_makes_a_sheet_that_scans_to_the_lots_own_page(lot):
    sheet_id = ordered(lot, actor=manager(lot))
    assert db.session.get_one(LabelSheet, sheet_id).state == "pending"
    assert make_sheets() == 1 and make_sheets() == 0
    sheet = db.session.get_one(LabelSheet, sheet_id)
    assert sheet.state == "ready" and sheet.work_state == "done" and sheet.file.startswith("x/")
    [page] = symbols(files.read(sheet.file))
    assert ("QRCode", f"HTTP://LOCALHOST/01/02000000000015/10/{lot.code}") in page


def test_a_double_tap_makes_one_sheet(lot):
    assert ordered(lot) == ordered(lot) and db.session.query(LabelSheet).count() == 1


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_impossible_numbers_are_refused(lot, quantity):
    with pytest.raises(Invalid) as refusal:
        ordered(lot, quantity=quantity)
    assert refusal.value.field == "quantity"


def test_recalled_lots_get_no_labels(lot):
    lot_id = lot.id
    with transaction():
        mark_recalled(SYSTEM, lot_id, "ẩm mốc")
    with pytest.raises(Conflict):
        ordered(lot)


def test_other_peoples_lots_and_other_products_packs_are_not_found(lot):
    other = create_cooperative("HTX Khác")
    with pytest.raises(NotFound):
        ordered(lot, actor=manager_of(other))
    with pytest.raises(NotFound):
        ordered(lot, pack_id=create_product(other, "Trà").packs[0].id)
    with pytest.raises(NotAllowed):
        ordered(lot, actor=treasurer_of(other))


def test_a_label_that_lacks_what_the_law_asks_is_not_printed(lot):
    from catalog.models import Product

    with transaction():
        db.session.get_one(Product, lot.product_id).usage = ""
    with pytest.raises(Conflict) as refusal:
        ordered(lot)
    assert "cách dùng" in str(refusal.value)
    assert db.session.query(LabelSheet).count() == 0


def test_a_sheet_is_printed_again_for_a_reason_and_withdrawn_for_a_reason(lot):
    actor, sheet_id = manager(lot), ordered(lot)
    lot_id, pack_id = lot.id, pack_of(lot)
    make_sheets()
    with pytest.raises(Invalid), transaction():
        reprint(actor, "again-key-1234", sheet_id, 3, " ")
    with transaction():
        second = reprint(actor, "again-key-1234", sheet_id, 3, "Kẹt giấy, hỏng 3 tem").id
    assert make_sheets() == 1 and not all_void(lot_id, pack_id)
    assert db.session.get_one(LabelSheet, second).reprint_of_id == sheet_id
    for one in (sheet_id, second, second):
        with transaction():
            void_sheet(actor, one, "Mất cuộn tem")
    assert all_void(lot_id, pack_id) and db.session.get_one(LabelSheet, second).void_reason == "Mất cuộn tem"


def test_another_cooperatives_sheet_is_neither_withdrawn_nor_printed_again(lot):
    sheet_id, stranger = ordered(lot), manager_of(create_cooperative("HTX Khác"))
    with pytest.raises(NotFound), transaction():
        void_sheet(stranger, sheet_id, "của người khác")
    with pytest.raises(NotFound), transaction():
        reprint(stranger, "again-key-1234", sheet_id, 1, "của người khác")


def test_a_sheet_whose_words_do_not_fit_says_which(lot):
    from catalog.models import Product

    with transaction():
        db.session.get_one(Product, lot.product_id).ingredients = "tinh bột dong riềng, " * 60
    with pytest.raises(Conflict, match="Thành phần dài quá"):
        ordered(lot, layout="roll-50x30")
    sheet_id = ordered(lot, layout="2x4")
    with transaction():  # the words grew after the sheet was asked for
        db.session.get_one(Product, lot.product_id).ingredients = "tinh bột dong riềng, " * 200
    make_sheets()
    sheet = db.session.get_one(LabelSheet, sheet_id)
    assert (sheet.state, sheet.file) == ("failed", None) and sheet.problem.startswith("Thành phần dài quá")


def test_what_cannot_be_read_is_not_offered_and_says_so(lot, monkeypatch):
    def blurred(*_args, **_kw):
        raise Unreadable("page 1")

    monkeypatch.setattr("traceability.labels.reading.check", blurred)
    sheet_id = ordered(lot)
    make_sheets()
    sheet = db.session.get_one(LabelSheet, sheet_id)
    assert (sheet.state, sheet.file, sheet.work_state) == (
        "failed",
        None,
        "dead",
    ) and "khổ tem" in sheet.problem


@pytest.fixture
def world(app):
    """Ids for the page: a lot, its pack, its manager, a stranger."""
    with app.app_context():
        coop, other = create_cooperative(), create_cooperative("HTX Khác")
        lot = create_lot(coop, create_product(coop).packs[0], quantity=4)
        found = {
            "lot": lot.id,
            "pack": pack_of(lot),
            "manager": manager_of(coop),
            "stranger": manager_of(other),
        }
        db.session.rollback()
    return found


def test_a_manager_orders_and_downloads(app, client, world):
    from accounts.rules import Role

    sign_in(client, world["manager"])
    page = client.get(f"/manage/lots/{world['lot']}/labels")
    assert page.status_code == 200 and page.text.count("<h1") == 1 and 'value="4"' in page.text
    form = {"pack_id": world["pack"], "quantity": "5", "layout": "3x7", "numbering": "own", "key": "a" * 16}
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        assert client.post(f"/manage/lots/{world['lot']}/labels", data=form).status_code == 302
        bad = client.post(
            f"/manage/lots/{world['lot']}/labels", data=form | {"quantity": "0", "key": "b" * 16}
        )
        assert bad.status_code == 422 and "1000" in bad.text
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        sheet_id = db.session.query(LabelSheet).one().id
        db.session.rollback()
        assert client.get(f"/manage/labels/{sheet_id}.pdf").status_code == 404
        make_sheets()
    pdf = client.get(f"/manage/labels/{sheet_id}.pdf")
    assert (
        pdf.status_code == 200 and pdf.data.startswith(b"%PDF") and pdf.headers["Cache-Control"] == "no-store"
    )
    sign_in(client, world["stranger"])
    assert client.get(f"/manage/labels/{sheet_id}.pdf").status_code == 404
    assert client.get(f"/manage/lots/{world['lot']}/labels").status_code == 404
    with app.app_context():
        buyer = actor_for(Role.BUYER)
    sign_in(client, buyer)
    assert client.get(f"/manage/labels/{sheet_id}.pdf").status_code == 403


def test_a_manager_withdraws_a_sheet_on_its_page_and_the_reason_stays(app, client, world):
    with app.app_context(), transaction():
        sheet_id = order_labels(SYSTEM, "k" * 16, world["lot"], world["pack"], 2, "2x4").id
    with app.app_context():
        make_sheets()
    sign_in(client, world["manager"])
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        path = f"/manage/labels/{sheet_id}"
        assert client.post(path, data={"step": "void", "reason": "", "key": "v" * 16}).status_code == 422
        told = {"step": "void", "reason": "Mất cuộn", "key": "w" * 16}
        assert client.post(path, data=told).status_code == 302
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    page = client.get(f"/manage/lots/{world['lot']}/labels")
    assert "Đã huỷ: Mất cuộn" in page.text and "Tem sẽ in như thế này" in page.text
