"""Labels of cases: GS1-128 with the SSCC, the contents, a QR; read back before they are offered."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from accounts.rules import SYSTEM
from catalog.models import Pack
from core import files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from office.scanning.queries import lots_behind
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.traceability import create_lot
from tests.traceability_gs1.test_numbers import PREFIX, registered
from traceability.epcis.checking import check_document
from traceability.epcis.models import EpcisEvent
from traceability.gs1.scanned import understand
from traceability.gs1.syntax.rules import check as gs1_check
from traceability.gs1.syntax.rules import read_scan
from traceability.labels.cases.models import CaseLabel
from traceability.labels.cases.operations import order_case_label, unfit
from traceability.labels.cases.rules import LAYOUTS, Case, Packed, address, label, symbols
from traceability.labels.drawing import Paper, print_labels
from traceability.labels.reading import check
from traceability.labels.tasks import make_case_labels
from traceability.numbers.operations import make_unit, void_unit
from traceability.numbers.rules import Kind, number_of

SSCC, GTIN = number_of(Kind.SSCC, PREFIX, 1), "0" + number_of(Kind.GTIN, PREFIX, 8)
ONE = Packed("Miến dong, gói 500 g", GTIN, False, "MD-261108-01", 24, date(2027, 11, 8))
CASE = Case(
    SSCC, "https://chophien.example.vn", "HTX Tài Hoan", "xã Côn Minh, Thái Nguyên", (ONE,), date(2026, 11, 8)
)
KINDS = {
    "one": CASE,
    "mixed": replace(CASE, packed=(ONE, replace(ONE, lot="MD-2"), replace(ONE, name="Măng khô, túi 1 kg"))),
    "restricted": replace(CASE, packed=(replace(ONE, gtin="02000000000015", restricted=True),)),
    "internal": replace(CASE, number="KIEN-000012"),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("kind", KINDS)
def test_every_symbol_of_a_case_label_is_read(kind, layout):
    case = KINDS[kind]
    pdf = print_labels(
        [label(case, layout)] * 2, Paper(layout.page_mm, 1, layout.rows), case.number, case.made_on
    )
    wanted = [("QRCode", address(case)), *(("Code128", data[1:]) for data, _text in symbols(case, layout))]
    check(pdf, [wanted] * 2, layout.rows)
    text = " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    assert all(
        one in text for one in ("HTX Tài Hoan", case.number, "24 × Miến dong", "MD-261108-01", "08/11/2027")
    )


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda one: one.name)
def test_what_the_symbols_say_is_right_by_gs1s_own_rules(layout):
    assert gs1_check(address(CASE)).ok
    said = {one.ai: one.value for data, _text in symbols(CASE, layout) for one in read_scan(data).elements}
    assert said["00"] == SSCC and said["02"] == GTIN and said["37"] == "24"
    if layout.name == "a4":
        assert (said["10"], said["15"]) == ("MD-261108-01", "271108")
    assert "15=271108" in address(CASE) and "10=MD-261108-01" in address(CASE)
    assert (
        understand(address(CASE)).unit == SSCC
        and understand(address(KINDS["internal"])).unit == "KIEN-000012"
    )
    assert symbols(KINDS["internal"], layout) == [] and len(symbols(KINDS["mixed"], layout)) == 1


def test_nothing_on_a_case_label_leaves_it_and_too_much_is_refused():
    for layout in LAYOUTS.values():
        for case in KINDS.values():
            for one in label(case, layout):
                assert (
                    one.x >= 0
                    and one.x + one.width <= layout.width_mm + 0.01
                    and 0 < one.y < layout.height_mm
                )
    crowd = replace(CASE, packed=(ONE,) * 20)
    assert "chia làm hai kiện" in unfit(crowd, LAYOUTS["roll-100x150"])
    assert "Rút ngắn" in unfit(replace(CASE, seller="Hợp tác xã " * 30), LAYOUTS["roll-100x150"])


def made(coop, key="k"):
    pack = create_product(coop).packs[0]
    lot_id, pack_id = create_lot(coop, pack, 20).id, pack.id
    with transaction():
        return make_unit(SYSTEM, key, [(lot_id, pack_id, 12)])


def test_a_case_gets_its_label_and_printing_it_again_needs_a_reason(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    registered(coop)
    unit = made(coop)
    unit_id = unit.id
    assert len(unit.sscc) == 18 and unit.internal is None
    db.session.rollback()
    with transaction():
        first = order_case_label(SYSTEM, "a", unit_id, "roll-100x150", 2).id
        assert order_case_label(SYSTEM, "a", unit_id, "roll-100x150", 2).id == first
    make_case_labels()
    done = db.session.get_one(CaseLabel, first)
    assert done.state == "ready" and files.read(done.file).startswith(b"%PDF")
    db.session.rollback()
    with pytest.raises(Invalid, match="Viết vì sao in lại"), transaction():
        order_case_label(SYSTEM, "b", unit_id, "a4", 1)
    with transaction():
        assert order_case_label(SYSTEM, "b", unit_id, "a4", 1, "Nhãn rách").reprint_reason == "Nhãn rách"
    stranger = manager_of(create_cooperative("HTX Khác"))
    with pytest.raises(NotFound), transaction():
        order_case_label(stranger, "c", unit_id, "a4", 1, "Nhãn rách")


def test_without_a_company_prefix_a_case_has_no_sscc_but_a_number_of_the_market(ctx):
    coop = create_cooperative("HTX Chưa Có Mã")
    unit = made(coop)
    assert unit.sscc is None and unit.internal == "KIEN-000001" == unit.number
    assert made(coop, "again").number == "KIEN-000002"
    unit_id, pack = unit.id, unit.contents[0].pack_id
    with transaction():
        db.session.get_one(Pack, pack).label = "Gói rất dài " * 300
    with pytest.raises(Conflict, match="chia làm hai kiện"), transaction():
        order_case_label(SYSTEM, "a", unit_id, "roll-100x150", 1)


def test_a_case_that_is_given_up_says_so_to_whoever_scans_it_and_is_printed_no_more(ctx, client):
    coop = create_cooperative("HTX Tài Hoan")
    stranger = manager_of(create_cooperative("HTX Khác"))
    unit = made(coop)
    unit_id, number, lot_id = unit.id, unit.number, unit.contents[0].lot_id
    db.session.rollback()
    assert "đã huỷ" not in client.get(f"/units/{number}").get_data(as_text=True)
    with pytest.raises(Invalid, match="Viết vì sao"), transaction():
        void_unit(SYSTEM, unit_id, "  ")
    with pytest.raises(NotFound), transaction():
        void_unit(stranger, unit_id, "Đã mở ra bán lẻ")
    for _twice in range(2):
        with transaction():
            assert void_unit(SYSTEM, unit_id, "Đã mở ra bán lẻ").void_reason == "Đã mở ra bán lẻ"
    (told,) = db.session.query(EpcisEvent).filter_by(step="uncased").all()
    document = told.document
    assert (document["action"], document["bizStep"], document["childQuantityList"][0]["quantity"]) == (
        "DELETE", "unpacking", 12)  # fmt: skip
    assert document["parentID"].endswith(f"/id/unit/{number}") and check_document(document) == []
    (here,) = lots_behind(coop.id, understand(number))
    assert here.lot_id == lot_id and here.opened
    db.session.rollback()
    with pytest.raises(Conflict, match="đã huỷ nên không in"), transaction():
        order_case_label(SYSTEM, "a", unit_id, "a4", 1)
    page = client.get(f"/units/{number}").get_data(as_text=True)
    assert "Kiện này đã huỷ" in page and "đếm từng gói" in page and "bán lẻ" not in page
