"""Our own events: their hash is kept, and is their name only where nothing is closed; a wrong one is declared so."""

import json
from datetime import timedelta

from accounts.rules import SYSTEM
from core import clock
from core.db import db, transaction
from tests.factories.accounts import sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.traceability import create_lot, create_slip
from traceability import operations as goods
from traceability.epcis.checking import check_document
from traceability.epcis.exchange.operations import index_own
from traceability.epcis.exchange.queries import keys_of
from traceability.epcis.hashing import event_hash
from traceability.epcis.models import ClosedField, EpcisEvent
from traceability.epcis.operations import declare_wrong, record
from traceability.epcis.rules import Step, bulk, sensed
from traceability.epcis.tasks import index_events
from traceability.log.queries import first_broken_leaf
from traceability.log.verification import verify
from traceability.slips.operations import void_slip


def events():
    return db.session.query(EpcisEvent).order_by(EpcisEvent.id).all()


def write(coop, **more):
    parts = {"at": clock.now(), "goods": [bulk_of()], "subject": "lot:1"} | more
    with transaction():
        return record(Step.COUNTED, cooperative_id=coop.id, **parts)


def bulk_of():
    return bulk(None, "MD-1", 20_000)


def test_an_open_event_is_named_by_its_hash_and_its_twin_is_not(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    write(coop)
    write(coop)
    one, twin = events()
    assert one.document["eventID"] == one.hash == event_hash(one.document) == twin.hash
    assert twin.document["eventID"].startswith("urn:uuid:")


def test_an_event_with_closed_fields_never_shows_its_hash(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    create_slip(coop, create_producer(coop, "Lý Thị Mẫu"), net_g=41_300)
    [one] = events()
    assert one.hash == event_hash(one.document) and one.document["eventID"].startswith("urn:uuid:")
    assert one.hash not in json.dumps(one.document)


def test_a_voided_slip_is_declared_an_error_under_the_same_name_and_nothing_is_deleted(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    slip = create_slip(coop, create_producer(coop, "Lý Thị Mẫu"), net_g=41_300)
    slip_id, closed = slip.id, db.session.query(ClosedField).count()
    with transaction():
        void_slip(SYSTEM, slip_id, "cân nhầm bao")
    first, wrong = events()
    assert wrong.step == "slip_voided" and wrong.event_id != first.event_id
    error = wrong.document.pop("errorDeclaration")
    assert wrong.document == first.document and wrong.hash == first.hash
    assert error == {"declarationTime": "2026-11-01T00:00:00+07:00", "reason": "incorrect_data"}
    assert db.session.query(ClosedField).count() == closed and first_broken_leaf() is None
    assert list(verify()) == []


def test_any_event_can_be_declared_wrong_and_name_what_is_right(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    wrong = write(coop)
    right = write(coop, at=clock.now() + timedelta(minutes=1))
    name = db.session.get_one(EpcisEvent, right).document["eventID"]
    with transaction():
        declare_wrong(wrong, at=clock.now(), step=Step.COUNTED, reason="did_not_occur", corrected_by=[name])
    document = events()[-1].document
    assert document["errorDeclaration"]["correctiveEventIDs"] == [name] and check_document(document) == []


def test_readings_and_certificates_go_with_an_event(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    write(
        coop,
        sensors=[sensed("Temperature", 26, "CEL", clock.now())],
        certificates=["https://chophien.vn/c/1"],
    )
    document = events()[0].document
    assert document["sensorElementList"][0]["sensorReport"] == [
        {"type": "Temperature", "value": 26, "uom": "CEL"}
    ]
    assert document["certificationInfo"] == ["https://chophien.vn/c/1"] and check_document(document) == []


def test_a_parcel_is_an_aggregation_that_leads_to_no_order(ctx):
    coop = create_cooperative("HTX Tài Hoan")
    pack = create_product(coop, "Miến dong").packs[0]
    create_lot(coop, pack, 20, [create_slip(coop, create_producer(coop, "Lý Thị Mẫu"), net_g=41_300)])
    pack_id = pack.id
    with transaction():
        held = goods.reserve(pack_id, 2, "line:7", clock.today())
        goods.confirm_packed(SYSTEM, "line:7", pack_id, held)
    picked = events()[-1].document
    assert picked["type"] == "AggregationEvent" and picked["bizStep"] == "packing"
    assert "/id/parcel/" in picked["parentID"] and "line" not in json.dumps(picked)
    assert check_document(picked) == []


def test_the_worker_makes_older_events_findable_once(ctx, client):
    coop = create_cooperative("HTX Tài Hoan")
    write(coop)
    assert index_events() == 1 and index_events() == 0
    with transaction():
        assert index_own() == 0
    found = client.get("/epcis/bizSteps/stock_taking/events").json
    assert len(found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 1


def test_commands_capture_query_and_hash(ctx, app, tmp_path):
    coop = create_cooperative("HTX Tài Hoan")
    slug, runner = coop.slug, app.test_cli_runner()
    event = {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", "type": "ObjectEvent",
             "eventTime": "2026-11-22T03:00:00Z", "eventTimeZoneOffset": "+07:00", "action": "OBSERVE",
             "epcList": ["urn:x:1"], "bizStep": "shipping"}  # fmt: skip
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(event), "utf-8")
    bad.write_text("{", "utf-8")
    said = runner.invoke(
        args=["epcis", "capture", "--cooperative", slug, str(good), str(bad), str(tmp_path / "none")]
    )
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert said.exit_code == 0 and [line["ok"] for line in lines] == [True, False, False]
    found = runner.invoke(
        args=["epcis", "query", "--cooperative", slug, "EQ_bizStep=shipping"]
    ).stdout.splitlines()
    assert event_hash(json.loads(found[0])) == event_hash(event) and len(found) == 1
    assert runner.invoke(args=["epcis", "query", "EQ_bizStep=shipping"]).stdout == ""
    assert json.loads(runner.invoke(args=["epcis", "query", "EQ_colour=red"]).stdout)["ok"] is False
    create_lot(coop, create_product(coop).packs[0])
    db.session.remove()
    ours = runner.invoke(args=["epcis", "query", "EQ_bizStep=packing"]).stdout.splitlines()
    assert [json.loads(one)["chophien:step"] for one in ours] == ["packed"]  # no worker ran before
    hashed = json.loads(runner.invoke(args=["epcis", "hash", "--prehash", str(good)]).stdout)
    assert hashed["hashes"] == [event_hash(event)] and hashed["prehashes"][0].startswith(
        "eventType=ObjectEvent"
    )


def test_the_manager_sees_a_key_once_and_takes_it_back(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        manager, coop_id = manager_of(coop), coop.id
    sign_in(client, manager)
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        page = client.post("/manage/events/keys", data={"name": "Siêu thị", "key": "one-form-key"}).text
        assert "cp_" in page and "Khoá mới" in page
        listed = client.get("/manage/events/keys").text
        assert "Siêu thị" in listed and "Khoá mới" not in listed
        with app.app_context():
            [key_id] = [one.id for one in keys_of(coop_id)]
        client.post(f"/manage/events/keys/{key_id}/revoke")
        assert "Đã thu lại" in client.get("/manage/events/keys").text
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
