"""Every event of a lot's whole life is a valid EPCIS 2.0 document, and none of them opens what may expose a family."""

import json
import re
from datetime import datetime

import pytest
from jsonschema import Draft7Validator, FormatChecker

from accounts.rules import SYSTEM
from core.clock import HANOI
from core.db import db, transaction
from tests.conftest import SHARED
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.traceability import create_lot, create_slip
from traceability import operations
from traceability.epcis import rules
from traceability.epcis.models import ClosedField, EpcisEvent, EventLot
from traceability.epcis.rules import FORMS, Step
from traceability.log.models import LogLeaf
from traceability.log.queries import first_broken_leaf, tree_head
from traceability.log.rules import root, salted_leaf

SCHEMA = json.loads((SHARED / "epcis" / "EPCIS-JSON-Schema.json").read_text(encoding="utf-8"))
FORMATS = FormatChecker()
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FORMATS)
AT = datetime(2026, 11, 22, 10, 30, tzinfo=HANOI)
GOODS = rules.packs(1, "02000000000015", "MD-1", 20)


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    """RFC 3986: a scheme and a colon, no space. jsonschema checks no URI without a further package."""
    return not isinstance(value, str) or bool(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", value)
    )


def built(step: Step, **more) -> dict:
    parts = {"goods": [GOODS]} if FORMS[step].action else {"inputs": [rules.crop(3)], "outputs": [GOODS]}
    return rules.build(step, base_url="https://chophien.vn", event_id="urn:uuid:6a1f1a70-33c7-4d25-8f0e-5d7a1f9d2b11",
                       at=AT, location="/cooperatives/htx-tai-hoan", **(parts | more))  # fmt: skip


def test_the_schema_itself_accepts_gs1s_examples():
    for path in sorted((SHARED / "epcis" / "examples").glob("*Event.jsonld")):
        assert VALIDATOR.is_valid(json.loads(path.read_text(encoding="utf-8"))), path.name


@pytest.mark.parametrize("step", Step)
def test_every_step_is_valid_epcis(step):
    event = built(step, closed={"net_g": "0" * 64})
    assert [error.message for error in VALIDATOR.iter_errors(event)] == []
    document = {"@context": event["@context"], "id": "https://chophien.vn/d", "type": "EPCISDocument",
                "schemaVersion": "2.0", "creationDate": "2026-11-22T10:30:00+07:00",
                "epcisBody": {"eventList": [event]}}  # fmt: skip
    assert VALIDATOR.is_valid(document)


def test_the_schema_refuses_a_wrong_step():
    assert not VALIDATOR.is_valid(built(Step.PICKED) | {"bizStep": "harvesting"})


def test_a_family_step_says_the_month_only():
    assert built(Step.WEIGHED)["eventTime"] == "2026-11-01T00:00:00+07:00"
    assert built(Step.PACKED)["eventTime"] == "2026-11-22T10:30:00+07:00"


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="object event"):
        built(Step.PICKED, goods=[])
    with pytest.raises(ValueError, match="transformation"):
        built(Step.PACKED, outputs=[])
    with pytest.raises(TypeError, match="whole numbers"):
        rules.canonical({"weight": [1.5]})


def test_canonical_json_is_these_bytes():
    """Sorted by name, no space, UTF-8: an independent reader can make the same."""
    assert (
        rules.canonical({"b": [1, "đ"], "a": {"y": None, "x": True}})
        == '{"a":{"x":true,"y":null},"b":[1,"đ"]}'.encode()
    )


@pytest.fixture
def life(ctx):
    """Two slips of two families become a lot, which is packed, reserved, lost in part and recalled."""
    coop = create_cooperative("HTX Tài Hoan")
    pack = create_product(coop, "Miến dong").packs[0]
    people = (("Lý Thị Mẫu", 41_300), ("Bàn Văn Thử", 38_700))
    slips = [create_slip(coop, create_producer(coop, name), net_g=net) for name, net in people]
    lot = create_lot(coop, pack, 20, slips)
    lot_id, pack_id = lot.id, pack.id
    with transaction():
        operations.lose_stock(SYSTEM, lot_id, pack_id, 2, "chuột cắn")
        operations.mark_recalled(SYSTEM, lot_id, "ẩm mốc")
    events = db.session.query(EpcisEvent).order_by(EpcisEvent.id).all()
    return {"lot": lot_id, "slips": [slip.id for slip in slips], "events": events}


def test_each_step_wrote_exactly_one_event(life):
    assert [event.step for event in life["events"]] == [
        "weighed",
        "weighed",
        "made",
        "packed",
        "lost",
        "recalled",
    ]
    lots = db.session.query(EventLot).filter_by(lot_id=life["lot"]).count()
    assert lots == 4 and {event.subject for event in life["events"][:2]} == {
        f"slip:{one}" for one in life["slips"]
    }


def test_real_events_are_valid(life):
    for event in life["events"]:
        assert VALIDATOR.is_valid(event.document), event.step


def test_no_name_slip_weight_or_producer_stands_open(life):
    text = json.dumps([event.document for event in life["events"]], ensure_ascii=False)
    for secret in ("Mẫu", "Thử", "41300", "38700", "80000", "PC-26", "Chè Cọ", "Côn Minh"):
        assert secret not in text, secret
    weighed = life["events"][0].document
    assert set(weighed["chophien:closed"]) >= {"at", "net_g", "producer"}
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in weighed["chophien:closed"].values())
    assert [set(one) for one in weighed["quantityList"]] == [{"epcClass"}]
    assert weighed["eventTime"] == "2026-11-01T00:00:00+07:00" and weighed["eventID"].startswith("urn:uuid:")


def test_a_closed_field_opens_with_its_salt_and_only_then(life):
    for field in db.session.query(ClosedField):
        document = db.session.get_one(EpcisEvent, field.event_id).document
        value = json.loads(field.value)
        assert (
            rules.closed_hash(bytes.fromhex(field.salt), field.name, value)
            == document["chophien:closed"][field.name]
        )
        assert rules.closed_hash(bytes(32), field.name, value) != document["chophien:closed"][field.name]


def test_a_person_can_be_erased_and_the_log_stays_valid(life):
    with transaction():
        db.session.query(ClosedField).delete()
    assert first_broken_leaf() is None and db.session.query(ClosedField).count() == 0
    for event in db.session.query(EpcisEvent):
        leaf = db.session.get_one(LogLeaf, event.leaf_id)
        assert salted_leaf(bytes.fromhex(leaf.salt), rules.canonical(event.document)).hex() == leaf.leaf_hash


def test_the_head_is_the_root_over_all_leaves(life):
    leaves = [bytes.fromhex(leaf.leaf_hash) for leaf in db.session.query(LogLeaf).order_by(LogLeaf.seq)]
    assert tree_head() == (6, root(leaves)) and len({leaf.hex() for leaf in leaves}) == 6


def test_events_and_leaves_cannot_be_changed(life):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    for statement in (
        "UPDATE epcis_event SET step = 'made'",
        "DELETE FROM log_leaf",
        "DELETE FROM event_lot",
    ):
        with pytest.raises(DBAPIError, match="immutable"), transaction():
            db.session.execute(text(statement))
