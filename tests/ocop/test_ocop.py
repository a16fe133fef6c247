"""A dossier says what the records answer and what is missing, and its result becomes the product's OCOP paper."""

import io
import zipfile
from datetime import date
from itertools import product as pairs

import pypdfium2
import pytest

from accounts.rules import Role
from catalog.certificates.queries import stars_paper
from catalog.models import Product
from catalog.queries import product_page
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from office.ocop import evidence, operations, queries
from office.ocop.operations import Told
from office.ocop.packet import packet
from office.ocop.rules import MOVES, Answer, Event, Finding, State, after, answer, parse
from tests.factories import payments, revenue
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.traceability import create_lot, create_slip
from tests.queries import count_queries

TODAY = date(2026, 11, 22)


@pytest.fixture
def coop(ctx):
    return create_cooperative()


def gathered(coop, product, me=None):
    with transaction():
        return operations.open_dossier(me or manager_of(coop), f"open-{product.id:08}", product.id)


@pytest.mark.parametrize("state, event", list(pairs(State, Event)))
def test_only_the_steps_of_the_table_follow(state, event):
    if (state, event) in MOVES:
        assert after(state, event) == MOVES[state, event]
    else:
        with pytest.raises(Conflict):
            after(state, event)


def test_a_criterion_is_whole_when_every_piece_is_there_or_somebody_added_their_own():
    there, lacks = Finding("a", "", ()), Finding("b", "", (), "thiếu")
    said = [answer(*one) for one in (([there], 0), ([there, lacks], 0), ([lacks], 0), ([lacks], 1))]
    assert said == [Answer.WHOLE, Answer.PART, Answer.NONE, Answer.WHOLE]


def test_the_set_that_is_shipped_says_it_is_unverified_and_its_points_are_the_known_ones():
    found = queries.in_force(TODAY)
    assert (found.verified, [one.points for one in found.groups]) == (False, [40, 25, 35])
    assert found.source and set(evidence.READERS) == {
        key for group in found.groups for one in group.criteria for key in one.evidence
    }


def test_a_set_that_asks_for_unknown_evidence_is_refused():
    group = {"code": "A", "name": "", "name_en": "", "points": 1,
             "criteria": [{"code": "A1", "name": "", "name_en": "", "evidence": ["moon"]}]}  # fmt: skip
    with pytest.raises(ValueError, match="moon"):
        parse({"id": "x", "title": "", "title_en": "", "from_on": "2026-01-01", "to_on": None, "verified": False,
               "source": "", "source_en": "", "groups": [group]}, evidence.READERS)  # fmt: skip


def test_records_answer_by_themselves_and_the_rest_is_named_with_where_to_fill_it(coop):
    product = create_product(coop)
    revenue.opened(coop, 1_000_000, 1_000_000)
    slips = [create_slip(coop, create_producer(coop, f"Bàn Thị {n}")) for n in range(2)]
    create_lot(coop, product.packs[0], 20, slips)
    revenue.delivered(
        payments.shipped(payments.place_order([(product.packs[0], 2)], phone="+84900000001")[0])
    )
    found = queries.seen(gathered(coop, product))
    rows = {one.criterion.code: one for one in found.rows}
    year = rows["B1"].findings[0].facts[0]
    assert year.params["year"] == 2026 and "đ" in str(year.params["amount"])
    assert rows["A4"].answer is Answer.WHOLE and rows["C2"].answer is Answer.NONE
    assert rows["C2"].findings[0].fill == "/manage/certificates"
    assert [fact.vietnamese for fact in rows["A3"].findings[0].facts][1] == "2 hộ giao hàng trong 12 tháng"
    assert 0 < found.whole < len(found.rows)


def test_a_dossier_goes_out_comes_back_and_its_stars_are_the_products_paper(coop):
    product, me = create_product(coop), manager_of(coop)
    dossier = gathered(coop, product, me)
    steps = [(Event.SENT, Told(date(2026, 11, 1), "UBND xã")), (Event.RETURNED, Told(date(2026, 11, 5), "UBND xã")),
             (Event.SENT, Told(date(2026, 11, 8), "UBND xã")),
             (Event.AWARDED, Told(date(2026, 11, 20), "UBND tỉnh", "", 4, "12/QĐ", date(2029, 11, 20)))]  # fmt: skip
    for number, (event, told) in enumerate(steps):
        for _twice in range(2):
            with transaction():
                operations.record(me, dossier.id, f"step-{number:04}", event, told)
    done = queries.seen(queries.dossier_of(coop.id, dossier.id))
    assert done.dossier.state == State.AWARDED and len(done.steps) == 5
    assert stars_paper(product.id, TODAY) == (True, date(2029, 11, 20))
    assert product_page(product.slug, TODAY).ocop_stars == 4


def test_an_award_without_stars_number_or_validity_is_refused_at_its_field(coop):
    product, me = create_product(coop), manager_of(coop)
    dossier = gathered(coop, product, me)
    with transaction():
        operations.record(me, dossier.id, "sent-0001", Event.SENT, Told(TODAY, "UBND xã"))
    for told, field in ((Told(TODAY, "UBND tỉnh"), "stars"), (Told(TODAY, "UBND tỉnh", "", 3), "number"),
                        (Told(TODAY, "UBND tỉnh", "", 3, "1/QĐ"), "valid_to"), (Told(TODAY), "office")):  # fmt: skip
        with pytest.raises(Invalid) as refused, transaction():
            operations.record(me, dossier.id, "award-001", Event.AWARDED, told)
        assert refused.value.field == field


def test_what_was_sent_takes_no_more_pieces_and_strangers_find_nothing(coop):
    product, me = create_product(coop), manager_of(coop)
    dossier = gathered(coop, product, me)
    with transaction():
        operations.add_piece(me, dossier.id, "piece-0001", "A5", "Hợp đồng với 12 hộ")
        operations.record(me, dossier.id, "sent-0001", Event.SENT, Told(TODAY, "UBND xã"))
    with pytest.raises(Conflict), transaction():
        operations.add_piece(me, dossier.id, "piece-0002", "A5", "Thêm nữa")
    with pytest.raises(NotFound), transaction():
        operations.locked(manager_of(create_cooperative("HTX Bạn")), dossier.id)


def test_the_zip_holds_the_paper_the_list_and_every_file_and_names_no_producer(coop):
    product, me = create_product(coop), manager_of(coop)
    create_lot(coop, product.packs[0], 20, [create_slip(coop, create_producer(coop, "Bàn Thị Kín"))])
    dossier = gathered(coop, product, me)
    with transaction():
        operations.add_piece(me, dossier.id, "piece-0001", "A5", "Hợp đồng với 12 hộ")
    found = queries.seen(queries.dossier_of(coop.id, dossier.id))
    data = packet(found, demo=True)
    assert data == packet(found, demo=True)
    box = zipfile.ZipFile(io.BytesIO(data))
    assert {"ho-so.pdf", "danh-sach-bang-chung.csv", "doanh-so.csv", "DOC-TOI.txt"} <= set(box.namelist())
    told = "".join(
        box.read(name).decode("utf-8-sig") for name in box.namelist() if name.endswith(("csv", "txt"))
    )
    pdf = pypdfium2.PdfDocument(box.read("ho-so.pdf"))
    told += "".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf)))
    pdf.close()
    assert "Hợp đồng với 12 hộ" in told and "chưa đối chiếu" in told and "Dữ liệu minh hoạ" in told
    assert "Kín" not in told


def test_the_list_of_dossiers_is_one_statement_however_many_goods(ctx, coop):
    for number in range(4):
        gathered(coop, create_product(coop, f"Miến {number}"))
    own = coop.id
    with count_queries(ctx) as seen:
        rows = queries.of_cooperative(own)
    assert seen.count == 1 and {one.state for one in rows} == {"gathering"}


def test_a_manager_opens_a_dossier_reads_it_and_project_staff_see_only_where_it_stands(app, client):
    with app.app_context():
        coop = create_cooperative()
        dossier = gathered(coop, create_product(coop)).id
        me = actor_for(Role.MANAGER, coop.organisation_id).user_id
        name = db.session.query(Product).one().name
    sign_in(client, me)
    page = client.get(f"/manage/ocop/{dossier}").text
    assert "Bộ tiêu chí OCOP (ví dụ, chưa đối chiếu)" in page and "Chưa ghi giấy này." in page
    assert client.get(f"/manage/ocop/{dossier}/ho-so.pdf").data.startswith(b"%PDF-")
    with app.app_context():
        from accounts.operations import create_organisation

        with transaction():
            project = create_organisation("project", "Dự án").id
        staff = actor_for(Role.PROJECT_STAFF, project).user_id
    sign_in(client, staff)
    seen = client.get("/programme/ocop").text
    assert name in seen and "Đang gom" in seen and client.get(f"/manage/ocop/{dossier}").status_code == 403
