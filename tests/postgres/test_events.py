"""Log, capture and queries on both engines: four processes append without a gap or a fork; twice counts once."""

import json
import os
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import db, transaction
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.traceability import create_lot, create_slip
from traceability import operations as goods
from traceability.epcis.exchange import operations, queries
from traceability.epcis.exchange.models import EpcisEntry
from traceability.epcis.exchange.rules import Writer, wanted
from traceability.epcis.hashing import event_hash
from traceability.epcis.journal.operations import add_reading, correct
from traceability.epcis.models import EpcisEvent
from traceability.log.models import LogLeaf
from traceability.log.operations import append, sign_checkpoint
from traceability.log.queries import tree_head
from traceability.log.seals import seal_rows
from traceability.log.verification import verify

pytestmark = pytest.mark.postgres
PROCESSES, EACH = 4, 12
CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"own": "https://example.com/ns/"},
]


@pytest.fixture(params=["app", "pg_app"], ids=["sqlite", "postgresql"])
def either(request):
    """The application over each engine in turn."""
    return request.getfixturevalue(request.param)


def at_once(app, deed):
    """Carry out a deed in several processes; whether each ended well. They share no connection with this one."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    children = []
    for number in range(PROCESSES):
        child = os.fork()
        if child == 0:
            with suppress(BaseException), app.app_context():
                deed(number)
                os._exit(0)
            os._exit(1)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 for child in children]


def test_four_processes_append_at_once_without_a_gap_or_a_fork(either):
    def deed(number):
        for turn in range(EACH):
            with transaction():
                append(json.dumps([number, turn]).encode(), subject=f"{number}-{turn}")
                if turn % 5 == 4:
                    sign_checkpoint()

    assert at_once(either, deed) == [True] * PROCESSES
    with either.app_context():
        seqs = list(db.session.execute(select(LogLeaf.seq).order_by(LogLeaf.seq)).scalars())
        assert seqs == list(range(PROCESSES * EACH)) and tree_head()[0] == len(seqs)
        places = {one.place.partition(" ")[0] for one in verify()}
        assert places == {"event"}  # these leaves cover no event; tree, tiles and checkpoints hold


def event(number, **more):
    return {
        "type": "ObjectEvent", "eventID": f"urn:x:{number}", "eventTime": f"2026-11-2{number % 2}T0{number}:00:00Z",
        "eventTimeZoneOffset": "+07:00", "action": "OBSERVE", "epcList": [f"urn:epc:id:sgtin:0614141.107346.{number}"],
        "own:score": number, "bizStep": "shipping",
    } | more  # fmt: skip


def test_the_same_document_from_four_processes_is_kept_once(either):
    with either.app_context():
        coop_id = create_cooperative("HTX Tài Hoan").id

    def deed(_number):
        with transaction():
            operations.capture(Writer(coop_id), [event(1), event(2)], CONTEXT)

    done = at_once(either, deed)
    with either.app_context():
        assert done == [True] * PROCESSES
        with transaction():
            job = operations.capture(Writer(coop_id), [event(1), event(2)], CONTEXT)
            assert job.success
            refused = operations.capture(Writer(coop_id), [event(2, action="ADD")], CONTEXT)
            assert not refused.success and "another event" in str(refused.errors)
        kept = db.session.execute(select(EpcisEntry.hash).order_by(EpcisEntry.event_id)).scalars().all()
        assert list(kept) == [event_hash(event(number), CONTEXT) for number in (1, 2)]


def test_pages_lead_through_every_event_once_and_parameters_find_the_same(either):
    with either.app_context():
        writer = Writer(create_cooperative("HTX Tài Hoan").id)
        with transaction():
            assert operations.capture(writer, [event(number) for number in range(7)], CONTEXT).success
        seen, after = [], None
        while True:
            page = queries.events(wanted({"orderDirection": "ASC"}), writer, 3, after)
            seen += [one["eventID"] for one in page.documents]
            after = page.following
            if after is None:
                break
        assert seen == [f"urn:x:{number}" for number in (0, 2, 4, 6, 1, 3, 5)]
        for parameters, count in (
            ({"GE_own:score": "4"}, 3), ({"EXISTS_any:score": ""}, 7), ({"EQ_own:score": "5"}, 1),
            ({"MATCH_epc": "urn:epc:idpat:sgtin:0614141.107346.*"}, 7), ({"EQ_bizStep": "shipping"}, 7),
            ({"GE_eventTime": "2026-11-21T00:00:00Z"}, 3), ({"EQ_eventID": "urn:x:3|urn:x:4"}, 2),
        ):  # fmt: skip
            assert len(queries.events(wanted(parameters), writer, 30).documents) == count, parameters


def test_a_lots_whole_life_is_told_sealed_signed_and_found(either):
    from accounts.rules import SYSTEM, Actor, Role

    with either.app_context():
        coop = create_cooperative("HTX Tài Hoan")
        pack = create_product(coop, "Miến dong").packs[0]
        lot = create_lot(
            coop, pack, 20, [create_slip(coop, create_producer(coop, "Lý Thị Mẫu"), net_g=41_300)]
        )
        manager, lot_id, pack_id = Actor(None, Role.MANAGER, coop.organisation_id), lot.id, pack.id
        with transaction():
            goods.lose_stock(SYSTEM, lot_id, pack_id, 2, "chuột cắn")
        ids = {one.step: one.id for one in db.session.query(EpcisEvent)}
        with transaction():
            add_reading(manager, ids["packed"], "Temperature", 21, clock.now())
            correct(manager, ids["lost"], "did_not_occur")
        assert seal_rows() > 0
        with transaction():
            assert sign_checkpoint() is not None
            assert operations.index_own() == 6
        assert list(verify()) == []
        found = queries.events(wanted({"EXISTS_errorDeclaration": "true"}), None, 5).documents
        assert (
            len(found) == 1
            and len(queries.events(wanted({"EQ_type": "Temperature"}), None, 5).documents) == 1
        )
        assert db.session.execute(select(func.count(LogLeaf.id))).scalar_one() > 6
