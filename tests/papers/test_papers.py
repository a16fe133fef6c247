"""A paper keeps its whole history, speaks only of what it names, and says itself when it ends."""

import re
from datetime import date, timedelta

import pytest

from accounts.rules import SYSTEM, Role
from catalog.certificates import operations as papers
from catalog.certificates import queries as kept
from catalog.certificates.models import CertificateTerm
from catalog.certificates.rules import Scope, Standing, TermEvent, reminder_due, renewed, standing
from catalog.certificates.tasks import remind
from catalog.queries import certificates, product_page
from catalog.rules import CertificateKind
from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotFound
from messages.models import Message
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.traceability import create_bulk, create_slip
from traceability.balance.operations import add_plot
from traceability.models import Crop
from traceability.papers.operations import name_scope
from traceability.papers.queries import papers_of_lot

TODAY = date(2026, 11, 22)


@pytest.fixture
def coop(ctx):
    return create_cooperative()


def paper(coop, kind=CertificateKind.ORGANIC, number="HC-1", ends=date(2027, 1, 10), **more):
    with transaction():
        return papers.add_certificate(SYSTEM, coop.id, kind=kind, number=number, issuer="Chi cục",
                                      valid_from=date(2026, 1, 1), valid_to=ends, **more)  # fmt: skip


def numbers(rows):
    return [one.number for one in rows]


@pytest.mark.parametrize("valid_to, day, stands", [
    (None, TODAY, Standing.VALID), (TODAY, TODAY, Standing.ENDING), (TODAY - timedelta(days=1), TODAY, Standing.OVER),
    (TODAY + timedelta(days=60), TODAY, Standing.VALID), (TODAY, date(2025, 12, 31), Standing.FUTURE),
])  # fmt: skip
def test_a_paper_turns_red_by_itself(valid_to, day, stands):
    assert standing(date(2026, 1, 1), valid_to, day) == stands


def test_each_day_belongs_to_one_reminder_at_most():
    due = [reminder_due(TODAY + timedelta(days=left), TODAY) for left in (-1, 0, 7, 8, 30, 31, 60, 61)]
    assert due == [None, 7, 7, 30, 30, 60, 60, None]


def test_a_renewal_touching_the_old_term_makes_one_stretch_and_a_shorter_one_is_refused():
    old = date(2026, 1, 1), date(2026, 12, 31)
    assert renewed(*old, date(2027, 1, 1), date(2028, 12, 31)) == (date(2026, 1, 1), date(2028, 12, 31))
    assert renewed(*old, date(2027, 6, 1), None) == (date(2027, 6, 1), None)
    with pytest.raises(Invalid):
        renewed(*old, date(2026, 6, 1), date(2026, 12, 31))


def test_every_validity_ever_written_down_stays_readable(coop):
    made = paper(coop)
    with clock.use(NOW + timedelta(days=3)), transaction():
        papers.renew(SYSTEM, made.id, valid_from=date(2027, 1, 11), valid_to=date(2028, 1, 10))
    with clock.use(NOW + timedelta(days=5)), transaction():
        papers.withdraw_certificate(SYSTEM, made.id, TODAY + timedelta(days=5), "Nơi cấp thu lại")
    told = kept.history(made.id)
    assert [one.event for one in told] == [TermEvent.WITHDRAWN, TermEvent.RENEWED, TermEvent.ENTERED]
    assert [one.valid_to for one in told] == [TODAY + timedelta(days=4), date(2028, 1, 10), date(2027, 1, 10)]
    assert kept.held_on(made.id, NOW + timedelta(days=4), date(2027, 6, 1))
    assert not kept.held_on(made.id, NOW + timedelta(days=6), date(2027, 6, 1))
    with pytest.raises(Exception, match="immutable"), transaction():
        db.session.execute(db.delete(CertificateTerm))


def test_a_paper_of_several_goods_stands_on_their_pages_and_on_no_other(coop):
    goods = [create_product(coop, f"Miến {n}") for n in range(3)]
    made = paper(coop)
    with transaction():
        papers.set_scope(SYSTEM, made.id, Scope.GOODS, [goods[0].id, goods[1].id])
    shown = [numbers(product_page(one.slug, TODAY).certificates) for one in goods]
    assert shown == [["HC-1"], ["HC-1"], []]
    assert certificates(coop.id, TODAY) == []  # the shop's own page tells what holds for everything


def test_a_test_report_speaks_of_its_lot_alone(coop):
    product = create_product(coop)
    one, other = (create_bulk(coop, product, 1_000) for _ in range(2))
    made = paper(coop, CertificateKind.TEST_REPORT)
    with transaction():
        name_scope(SYSTEM, made.id, Scope.LOTS, lot_ids=[one.id])
    assert numbers(papers_of_lot(one.id, product.id, coop.id)) == ["HC-1"]
    assert papers_of_lot(other.id, product.id, coop.id) == []
    assert product_page(product.slug, TODAY).certificates == ()


def _grown(coop, count):
    """A lot of so many families, each with a plot of the crop; its id and the plots."""
    producers = [create_producer(coop, f"Bàn Thị {n}") for n in range(count)]
    slips = [create_slip(coop, one) for one in producers]
    crop = db.session.query(Crop).one()
    with transaction():
        plots = [
            add_plot(SYSTEM, one.id, crop.id, f"Ruộng {one.id}", 900, date(2026, 1, 1)).id
            for one in producers
        ]
    return create_bulk(coop, create_product(coop), 150_000, slips), plots


@pytest.mark.parametrize("families, named, shown", [(5, 5, True), (5, 4, False), (4, 4, False)])
def test_a_growing_area_code_shows_only_where_all_was_grown_there_and_never_points_at_a_family(
    coop, families, named, shown
):
    lot, plots = _grown(coop, families)
    made = paper(coop, CertificateKind.GROWING_AREA)
    with transaction():
        name_scope(SYSTEM, made.id, Scope.PLOTS, plot_ids=plots[:named])
    assert bool(papers_of_lot(lot.id, lot.product_id, coop.id)) is shown


def test_an_ocop_paper_is_of_one_product(coop):
    goods = [create_product(coop, f"Miến {n}") for n in range(2)]
    made = paper(coop, CertificateKind.OCOP, product_id=goods[0].id)
    with pytest.raises(Invalid), transaction():
        papers.set_scope(SYSTEM, made.id, Scope.GOODS, [one.id for one in goods])


def test_managers_are_reminded_once_a_step_and_not_where_a_newer_paper_follows(coop):
    paper(coop, ends=TODAY + timedelta(days=20))
    paper(coop, CertificateKind.VIETGAP, "VG-1", TODAY + timedelta(days=20))
    paper(coop, CertificateKind.VIETGAP, "VG-2", TODAY + timedelta(days=700))
    for days in (0, 1, 14):
        with clock.use(NOW + timedelta(days=days)):
            remind()
    told = [one.body for one in db.session.query(Message).filter_by(kind="paper")]
    assert len(told) == 2 and all("HC-1" in one for one in told)


def test_who_saw_the_original_is_kept_with_what_was_compared(coop):
    me, made = manager_of(coop), paper(coop)
    with transaction():
        papers.see_original(me, made.id, TODAY)
    assert [(one.seen_on, one.current) for one in kept.sightings(made.id)] == [(TODAY, True)]
    with transaction():
        papers.renew(me, made.id, valid_from=date(2027, 1, 11), valid_to=None)
    assert [one.current for one in kept.sightings(made.id)] == [False]


def test_another_cooperatives_manager_finds_no_such_paper(coop):
    made, stranger = paper(coop), manager_of(create_cooperative("HTX Bạn"))
    with pytest.raises(NotFound), transaction():
        papers.withdraw_certificate(stranger, made.id, TODAY, "Không phải của tôi")


def test_a_manager_renews_on_the_papers_page_and_is_told_what_is_wrong(app, client):
    with app.app_context():
        coop = create_cooperative()
        made, me = paper(coop).id, actor_for(Role.MANAGER, coop.organisation_id).user_id
    sign_in(client, me)
    page = f"/manage/certificates/{made}"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)[1]
    sent = {"csrf_token": token, "key": "renew-paper-1", "valid_from": "2027-01-11", "valid_to": "2026-12-01"}
    refused = client.post(f"{page}/renew", data=sent)
    assert refused.status_code == 422 and "Ngày hết hạn phải sau ngày cấp" in refused.text
    client.post(f"{page}/renew", data=sent | {"valid_to": "2029-01-01"})
    seen = client.get(page).text
    assert "01/01/2029" in seen and "10/01/2027" in seen and "Gia hạn" in seen
