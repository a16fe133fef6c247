"""Numbers: registered, never minted; each given once and in order, whoever asks at the same moment; printed, read."""

import re
import threading
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from accounts.rules import SYSTEM, Role
from catalog.models import Pack
from catalog.operations import add_pack
from catalog.rules import check_digit, is_gtin
from cooperatives.models import Cooperative
from core import files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.traceability import create_lot
from traceability.gs1 import code128
from traceability.gs1.links import printed_link
from traceability.gs1.symbols import bars, qr_rows
from traceability.gs1.syntax.rules import check
from traceability.numbers import operations, queries, rules
from traceability.numbers.models import GivenNumber
from traceability.numbers.rules import Kind
from traceability.operations import mark_recalled

PREFIX = "8931234567"
PREFIXES = st.integers(7, 10).flatmap(lambda size: st.text("0123456789", min_size=size - 3, max_size=size - 3)).map(
    lambda tail: "893" + tail
)  # fmt: skip
THREADS, EACH = 6, 5


def registered(coop, digits=PREFIX, **more):
    """The prefix of a cooperative, entered by an administrator."""
    coop_id, paper = coop.id, files.put(b"%PDF-1.4 giay chung nhan", ".pdf")
    with transaction():
        return operations.register_prefix(
            actor_for(Role.ADMINISTRATOR),
            coop_id,
            digits=digits,
            licence="GS1-VN-001",
            document=paper,
            **more,
        )


@pytest.fixture
def coop(ctx):
    return create_cooperative("HTX Tài Hoan")


# ---- how they are made ----


@given(PREFIXES, st.sampled_from(list(Kind)), st.integers(0, 10**9))
def test_every_number_has_its_check_digit_and_is_found_again(prefix, kind, count):
    count %= rules.room(kind, prefix)
    number = rules.number_of(kind, prefix, count)
    assert len(number) == (18 if kind is Kind.SSCC else 13) and int(number[-1]) == check_digit(number[:-1])
    assert rules.count_of(kind, prefix, number) == count
    ai = {Kind.GTIN: f"(01)0{number}", Kind.GLN: f"(414){number}", Kind.SSCC: f"(00){number}"}[kind]
    assert check(ai).ok


@given(PREFIXES, st.integers(0, 99), st.integers(1, 8))
def test_a_case_has_a_number_of_its_own(prefix, count, indicator):
    item = "0" + rules.number_of(Kind.GTIN, prefix, count)
    case = rules.case_gtin(item, indicator)
    assert (
        is_gtin(case) and case[0] == str(indicator) and case[1:13] == item[1:13] and check(f"(01){case}").ok
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_beyond_a_prefix_there_is_no_number(kind):
    with pytest.raises(ValueError, match="no "):
        rules.number_of(kind, PREFIX, rules.room(kind, PREFIX))


@pytest.mark.parametrize(
    "typed", ["", "893", "20123456789", "2012345678", "9771234", "abc1234567", "0212345"]
)
def test_what_is_no_company_prefix_is_refused(typed):
    with pytest.raises(Invalid):
        rules.company_prefix(typed)


def test_other_names_of_a_number():
    item = "0" + rules.number_of(Kind.GTIN, PREFIX, 8)
    assert rules.lgtin_urn(PREFIX, item, "A/1") == "urn:epc:class:lgtin:8931234567.008.A%2F1"
    assert rules.sgtin_urn(PREFIX, item, "7").startswith("urn:epc:id:sgtin:8931234567.008.")
    with pytest.raises(ValueError, match="prefix"):
        rules.lgtin_urn("8939999999", item, "A")


# ---- registering ----


def test_only_an_administrator_with_the_paper_registers_a_prefix(coop):
    with pytest.raises(NotAllowed):
        operations.register_prefix(manager_of(coop), coop.id, digits=PREFIX, licence="1", document="x")
    administrator = actor_for(Role.ADMINISTRATOR)
    for wrong in ({"document": ""}, {"licence": " "}, {"digits": "12"}, {"first_free": 100}):
        with pytest.raises(Invalid):
            operations.register_prefix(
                administrator, coop.id, **({"digits": PREFIX, "licence": "1", "document": "x"} | wrong)
            )
    row = registered(coop)
    assert row.checked_by_id is not None and db.session.get_one(Cooperative, coop.id).gs1_prefix == PREFIX


@pytest.mark.parametrize("digits", [PREFIX, PREFIX[:8]])
def test_a_prefix_belongs_to_one_cooperative(coop, digits):
    registered(coop)
    with pytest.raises(Conflict):
        registered(create_cooperative("HTX Khác"), digits)


def test_a_new_prefix_ends_the_old_one_and_keeps_its_numbers(coop):
    pack = create_product(coop).packs[0].id
    registered(coop)
    with transaction():
        number = operations.give_gtin(SYSTEM, pack)
    registered(coop, "8939876543")
    found = operations.prefix_of(coop.id)
    assert (
        found is not None and found.digits == "8939876543" and db.session.get_one(Pack, pack).gtin == number
    )
    assert [one.used for one in queries.used_of(coop.id, "8939876543")] == [0, 0, 0]


# ---- giving ----


def test_without_a_prefix_no_number_is_minted(coop):
    pack = create_product(coop).packs[0]
    with pytest.raises(Conflict, match="chưa có mã doanh nghiệp"):
        operations.give_gtin(manager_of(coop), pack.id)
    with transaction():
        place = operations.number_place(SYSTEM, coop.id)
    assert place.gln.startswith("21") and queries.place_at(place.gln).restricted


def test_numbers_come_in_order_after_those_the_cooperative_used_before(coop):
    product = create_product(coop)
    registered(coop, first_free=5)
    with transaction():
        add_pack(SYSTEM, product.id, label="Bao", net_quantity=5000, net_unit="g", price_vnd=500_000,
                 gtin=rules.number_of(Kind.GTIN, PREFIX, 6))  # fmt: skip
        more = add_pack(SYSTEM, product.id, label="Túi", net_quantity=900, net_unit="g", price_vnd=90_000).id
        first, second = (operations.give_gtin(SYSTEM, one) for one in (product.packs[0].id, more))
    assert [rules.count_of(Kind.GTIN, PREFIX, one[1:]) for one in (first, second)] == [
        5,
        7,
    ]  # 6 stands on a pack
    assert first.startswith("0893") and db.session.get_one(Pack, more).gtin_kind != "restricted"
    with pytest.raises(Conflict, match="đã có mã GS1"):
        operations.give_gtin(SYSTEM, more)


def test_a_refused_transaction_leaves_no_gap(coop):
    registered(coop)
    coop_id = coop.id
    with pytest.raises(RuntimeError), transaction():
        operations.give(SYSTEM, coop_id, Kind.SSCC, "unit")
        raise RuntimeError
    with transaction():
        assert operations.give(SYSTEM, coop_id, Kind.SSCC, "unit") == rules.number_of(Kind.SSCC, PREFIX, 0)


def test_a_prefix_that_is_used_up_says_so(coop):
    registered(coop, first_free=99)
    product, coop_id = create_product(coop), coop.id
    with transaction():
        operations.give_gtin(SYSTEM, product.packs[0].id)
    with pytest.raises(Conflict, match="đã dùng hết"), transaction():
        operations.give(SYSTEM, coop_id, Kind.GTIN, "pack:0")
    assert queries.used_of(coop_id, PREFIX)[0].left == 0


def test_cases_take_the_eight_indicators_and_then_no_more(coop):
    registered(coop)
    pack = create_product(coop).packs[0].id
    with pytest.raises(Invalid, match="Mã nội bộ"):
        operations.give_case_gtin(SYSTEM, pack, 10)
    with transaction():
        operations.give_gtin(SYSTEM, pack)
        made = [operations.give_case_gtin(SYSTEM, pack, pieces).gtin for pieces in range(10, 18)]
        assert operations.give_case_gtin(SYSTEM, pack, 10).gtin == made[0]
    assert [one[0] for one in made] == list("12345678")
    with pytest.raises(Conflict, match="nhiều nhất 8"):
        operations.give_case_gtin(SYSTEM, pack, 99)


def test_nobody_numbers_anothers_goods(coop):
    other = create_cooperative("HTX Khác")
    pack, lot_pack = create_product(coop).packs[0].id, create_product(coop, "Chè").packs[0]
    lot = create_lot(coop, lot_pack, 5).id
    stranger, lot_pack_id = manager_of(other), lot_pack.id
    for attempt in (
        lambda: operations.give_gtin(stranger, pack),
        lambda: operations.give_case_gtin(stranger, pack, 5),
        lambda: operations.number_place(stranger, coop.id),
        lambda: operations.make_unit(stranger, "k", [(lot, lot_pack_id, 1)]),
    ):
        with pytest.raises(NotFound):
            attempt()


def _race(app, coop_id):
    """Several threads, each with its own connection, each taking numbers one transaction at a time."""
    got, wrong, start = [], [], threading.Barrier(THREADS)

    def take():
        try:
            start.wait()
            for _ in range(EACH):
                with app.app_context(), transaction():
                    number = operations.give(SYSTEM, coop_id, Kind.SSCC, "unit")
                got.append(number)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=take) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
    return got


def _all_given_once(app, prefix):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        if prefix:
            registered(coop)
        coop_id = coop.id
        db.session.remove()
    got = _race(app, coop_id)
    count = list(range(THREADS * EACH))
    made = rules.number_of if prefix else (lambda _kind, _prefix, place: rules.internal_unit(place))
    assert sorted(got) == sorted(made(Kind.SSCC, PREFIX, place) for place in count)
    with app.app_context():
        assert db.session.query(GivenNumber).filter_by(kind="sscc").count() == THREADS * EACH


@pytest.mark.parametrize("prefix", [True, False], ids=["own", "restricted"])
def test_threads_take_each_number_once_and_leave_no_gap(app, prefix):
    _all_given_once(app, prefix)


@pytest.mark.postgres
@pytest.mark.parametrize("prefix", [True, False], ids=["own", "restricted"])
def test_threads_take_each_number_once_on_postgresql(pg_app, prefix):
    _all_given_once(pg_app, prefix)


# ---- logistic units and places, as anybody sees them ----


def _unit(coop):
    pack = create_product(coop).packs[0]
    lot = create_lot(coop, pack, 20)
    lot_id, pack_id, code, gtin = lot.id, pack.id, lot.code, pack.gtin
    with transaction():
        unit = operations.make_unit(SYSTEM, "key", [(lot_id, pack_id, 12)])
        assert operations.make_unit(SYSTEM, "key", [(lot_id, pack_id, 12)]).id == unit.id
        return unit.number, operations.number_place(SYSTEM, coop.id).gln, gtin, code, lot_id


def test_a_unit_and_a_place_have_public_pages(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        registered(coop)
        sscc, gln, gtin, code, lot_id = _unit(coop)
        db.session.remove()
    page = client.get(f"/00/{sscc}")
    assert page.status_code == 200 and "Set-Cookie" not in page.headers
    assert all(text in page.text for text in ("Miến dong", "× 12", code, "HTX Tài Hoan"))
    assert f"/01/{gtin}/10/{code}" in page.text and 'rel="linkset"' in page.headers["Link"]
    place = client.get(f"/414/{gln}/254/A1")
    assert place.status_code == 200 and "Kho của HTX Tài Hoan" in place.text
    assert client.get(f"/00/{sscc}?linkType=linkset").status_code == 200
    assert client.get(f"/414/{gln}?linkType=gs1:locationInfo").headers["Location"] == f"/414/{gln}"
    with app.app_context(), transaction():
        mark_recalled(SYSTEM, lot_id, "Bị ẩm mốc")
    assert "Có hàng bị thu hồi bên trong" in client.get(f"/00/{sscc}").text


def test_a_recalled_lot_goes_into_no_unit(coop):
    pack = create_product(coop).packs[0]
    lot_id, pack_id = create_lot(coop, pack, 5).id, pack.id
    with transaction():
        mark_recalled(SYSTEM, lot_id, "Bị ẩm mốc")
    with pytest.raises(Conflict, match="thu hồi"):
        operations.make_unit(SYSTEM, "k", [(lot_id, pack_id, 1)])


# ---- pages ----


def _send(client, page, where, **form):
    """Post a form with the token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    return client.post(where, data={"csrf_token": found[1] if found else ""} | form)


def test_a_manager_sees_what_is_given_and_gives_more(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        pack = create_product(coop).packs[0].id
        registered(coop)
        sign_in(client, manager_of(coop))
        db.session.remove()
    page = client.get("/manage/numbers")
    assert PREFIX in page.text and "còn 100" in page.text and "Mã nội bộ" in page.text
    here, of_pack = "/manage/numbers", f"/manage/numbers/packs/{pack}"
    assert _send(client, here, of_pack).status_code == 302
    assert _send(client, here, f"{of_pack}/cases", pieces="1").status_code == 422
    assert _send(client, here, f"{of_pack}/cases", pieces="12").status_code == 302
    assert _send(client, here, f"{here}/place").status_code == 302
    page = client.get("/manage/numbers")
    assert "còn 99" in page.text and "Thùng 12 gói" in page.text and "/414/893" in page.text


def test_an_administrator_registers_what_the_paper_says(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan").id
        sign_in(client, actor_for(Role.ADMINISTRATOR))
        db.session.remove()
    form = {"digits": PREFIX, "licence": "GS1-1", "first_free": "3"}
    here = f"/admin/cooperatives/{coop}/prefix"
    bare = _send(client, here, here, **form)
    assert bare.status_code == 422 and PREFIX in bare.text
    sent = _send(client, here, here, **form, document=(BytesIO(b"%PDF-1.4 x"), "a.pdf"))
    assert sent.status_code == 302
    page = client.get("/admin/prefixes")
    assert PREFIX in page.text and "GS1-1" in page.text


# ---- print ----


def test_a_cases_gs1_128_reads_back_with_its_fnc1():
    sscc, item = rules.number_of(Kind.SSCC, PREFIX, 1), "0" + rules.number_of(Kind.GTIN, PREFIX, 8)
    data = rules.unit_scan_data(sscc, [("02", item), ("37", "12"), ("10", "MD-1")])
    assert data == f"\x1d00{sscc}02{item}3712\x1d10MD-1"
    read = check("]C1" + data.removeprefix("\x1d"))
    assert read.ok and [one.ai for one in read.elements] == ["00", "02", "37", "10"]
    assert check("]C1" + rules.case_scan_data(rules.case_gtin(item, 1), "MD-1").removeprefix("\x1d")).ok


def _picture(lit, size=3):
    """Bars on white, as a printer draws them."""
    picture = Image.new("L", ((len(lit) + 2 * code128.QUIET) * size, 80), 255)
    for first, width in bars(lit):
        picture.paste(0, ((code128.QUIET + first) * size, 5, (code128.QUIET + first + width) * size, 75))
    return picture


@given(
    st.text("0123456789ABCXYZ-/", min_size=1, max_size=20),
    st.text("0123456789", min_size=1, max_size=8).filter(lambda text: text != "0"),
)
@settings(max_examples=60, deadline=None)
def test_every_gs1_128_is_read_back_by_a_real_reader(lot, pieces):
    sscc = rules.number_of(Kind.SSCC, PREFIX, 1)
    for data in (
        rules.unit_scan_data(sscc),
        f"\x1d10{lot}",
        f"\x1d37{pieces}\x1d10{lot}",
        f"\x1d21{lot}\x1d37{pieces}",
    ):
        [found] = zxingcpp.read_barcodes(
            _picture(code128.modules(data)), formats=zxingcpp.BarcodeFormat.Code128
        )
        assert found.content_type == zxingcpp.ContentType.GS1 and found.symbology_identifier == "]C1"
        assert found.bytes.decode("ascii") == data.removeprefix("\x1d")


@pytest.mark.parametrize("data", ["", "0012", "\x1d", "\x1d10" + "A" * 60, "\x1d10é"])
def test_what_is_no_gs1_128_is_not_drawn(data):
    with pytest.raises(ValueError, match="GS1-128"):
        code128.modules(data)


def test_a_digital_link_in_capitals_reads_back_and_is_smaller():
    item = "0" + rules.number_of(Kind.GTIN, PREFIX, 8)
    link = printed_link("https://chophien.example", item, "MD-1", "A1B2C3D4E5F6G7H8")
    assert link == link.upper()
    rows = qr_rows(link)
    picture = Image.new("L", ((len(rows) + 8) * 4,) * 2, 255)
    for y, row in enumerate(rows):
        for first, width in bars(row):
            picture.paste(0, ((4 + first) * 4, (4 + y) * 4, (4 + first + width) * 4, (5 + y) * 4))
    [found] = zxingcpp.read_barcodes(picture)
    assert found.text == link and len(rows) < len(qr_rows(link.lower()))
