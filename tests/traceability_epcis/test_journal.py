"""The manager's book: what was wrong is said so beside it, a reading and a paper are laid beside an event."""

from datetime import date, timedelta

import pytest

from accounts.rules import Role
from catalog.certificates.operations import add_certificate
from catalog.rules import CertificateKind
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.traceability import create_lot, create_slip
from tests.queries import count_queries
from traceability.epcis.checking import check_document
from traceability.epcis.journal import operations, queries
from traceability.epcis.models import EpcisEvent, EventLot
from traceability.log.verification import verify


@pytest.fixture
def book(ctx):
    """A cooperative whose lot was weighed, made and packed: manager, rows by step, lot id, coop."""
    coop = create_cooperative("HTX Tài Hoan")
    pack = create_product(coop, "Miến dong").packs[0]
    lot = create_lot(coop, pack, 20, [create_slip(coop, create_producer(coop, "Lý Thị Mẫu"), net_g=41_300)])
    rows = {one.step: one.id for one in db.session.query(EpcisEvent).order_by(EpcisEvent.id)}
    return actor_for(Role.MANAGER, organisation_id=coop.organisation_id), rows, lot.id, coop


def document(event_id):
    return db.session.get_one(EpcisEvent, event_id).document


def test_what_was_wrong_stays_and_says_so_under_its_own_name(book):
    manager, rows, lot_id, coop = book
    with transaction():
        made = operations.correct(manager, rows["packed"], "incorrect_data", rows["made"])
    error = document(made)["errorDeclaration"]
    assert document(made)["eventID"] == document(rows["packed"])["eventID"]
    assert (error["reason"], error["correctiveEventIDs"]) == (
        "incorrect_data",
        [document(rows["made"])["eventID"]],
    )
    assert check_document(document(made)) == [] and db.session.get(EventLot, (made, lot_id)) is not None
    assert list(verify()) == []
    assert queries.one_event(coop.id, rows["packed"]).wrong == error
    with pytest.raises(Conflict), transaction():
        operations.correct(manager, rows["packed"], "incorrect_data")


def test_a_reading_is_an_event_of_the_same_goods(book):
    manager, rows, lot_id, coop = book
    at = clock.now() - timedelta(hours=2)
    with transaction():
        made = operations.add_reading(manager, rows["packed"], "Temperature", -4, at)
    told = document(made)
    assert told["quantityList"] == document(rows["packed"])["outputQuantityList"]
    assert told["sensorElementList"][0]["sensorReport"] == [
        {"type": "Temperature", "value": -4, "uom": "CEL"}
    ]
    assert (
        told["chophien:about"] == document(rows["packed"])["eventID"]
        and told["bizStep"] == "sensor_reporting"
    )
    assert check_document(told) == [] and db.session.get(EventLot, (made, lot_id)) is not None
    assert [one.id for one in queries.one_event(coop.id, rows["packed"]).follows] == [made]
    assert list(verify()) == []


def test_a_paper_that_held_that_day_is_laid_beside_an_event(book):
    manager, rows, _lot, coop = book
    with transaction():
        good, late = (
            add_certificate(manager, coop.id, kind=CertificateKind.OCOP, number=number, issuer="Tỉnh Mẫu",
                            valid_from=start, valid_to=date(2029, 1, 1)).id
            for number, start in (("OCOP-1", date(2026, 1, 1)), ("OCOP-2", date(2026, 12, 1)))
        )  # fmt: skip
        made = operations.add_paper(manager, rows["made"], good)
    assert document(made)["certificationInfo"] == ["http://localhost/id/certificate/ocop/OCOP-1"]
    assert check_document(document(made)) == [] and document(made)["disposition"] == "conformant"
    with pytest.raises(NotFound), transaction():
        operations.add_paper(manager, rows["made"], late)


def test_nothing_is_laid_beside_what_would_tell_the_day_of_a_family(book):
    manager, rows, _lot, _coop = book
    with pytest.raises(Conflict), transaction():
        operations.add_reading(manager, rows["weighed"], "Temperature", 20, clock.now())
    with pytest.raises(Conflict), transaction():
        operations.correct(manager, rows["weighed"], "did_not_occur")


@pytest.mark.parametrize(
    ("kind", "value", "hours"), [("Temperature", 900, 0), ("Colour", 1, 0), ("RelativeHumidity", 60, 2)]
)
def test_a_reading_nobody_can_have_taken_is_refused(book, kind, value, hours):
    manager, rows, _lot, _coop = book
    with pytest.raises(Invalid), transaction():
        operations.add_reading(manager, rows["packed"], kind, value, clock.now() + timedelta(hours=hours))


def test_another_cooperatives_event_is_not_there_and_packers_may_not_correct(book):
    _manager, rows, _lot, _coop = book
    stranger = actor_for(Role.MANAGER, organisation_id=create_cooperative("HTX Khác").organisation_id)
    with pytest.raises(NotFound), transaction():
        operations.correct(stranger, rows["packed"], "did_not_occur")
    with pytest.raises(NotAllowed), transaction():
        operations.correct(actor_for(Role.DIGITAL_TEAM), rows["packed"], "did_not_occur")


def test_the_list_takes_three_queries_whatever_stands_in_it(book, ctx):
    coop = book[3]
    coop_id = coop.id
    with count_queries(ctx) as seen:
        found, page_count = queries.page_of_events(coop_id, 1)
    assert (len(found), page_count, seen.count) == (3, 1, 3)


def test_the_manager_reads_corrects_and_measures_on_the_pages(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        create_lot(coop, create_product(coop, "Miến dong").packs[0])
        manager = manager_of(coop)
        packed_id = db.session.query(EpcisEvent.id).filter_by(step="packed").scalar()
    sign_in(client, manager)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        assert "Đóng gói" in client.get("/manage/events").text
        page = f"/manage/events/{packed_id}"
        assert "Ghi sai, đính chính" in client.get(page).text
        typed = {"kind": "Temperature", "value": "26", "at": "2026-11-22T09:30", "key": "reading-form-1"}
        for _twice in range(2):
            assert client.post(f"{page}/reading", data=typed).status_code == 302
        assert (
            client.post(f"{page}/reading", data=typed | {"value": "999", "key": "reading-form-2"}).status_code
            == 422
        )
        said = {"reason": "did_not_occur", "corrected_by": "", "key": "wrong-form-1"}
        assert client.post(f"{page}/wrong", data=said).status_code == 302
        text = client.get(page).text
        assert "Đã đính chính" in text and text.count("Số đo") == 1
        assert "Không có giấy nào hợp" in client.get(f"{page}/paper").text
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
