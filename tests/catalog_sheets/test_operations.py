"""A table on its way: received, read, understood, accepted once, and what stands between it and the goods."""

import time

import pytest

from accounts.rules import Role
from catalog.models import Product
from catalog.sheets import operations, queries
from catalog.sheets.models import SheetImport
from catalog.sheets.rules import State
from core import files
from core.db import db, transaction
from tests.factories import accounts, cooperatives, sheets
from tests.queries import count_queries


def received(actor, coop, data, key="table-0001", photos=None, name="hang.xlsx"):
    with transaction():
        kept = files.put(photos, ".zip") if photos else None
        operations.receive(actor, coop.id, key, name, files.put(data, ".bin"), kept)
    return key


def work(app):
    """Let the worker do what waits."""
    from app.worker import run_once

    return run_once(app, {"tables"})


def chosen(app, actor, coop, data, **more):
    """A table that was read and checked with the columns as they were guessed; its import."""
    key = received(actor, coop, data, **more)
    work(app)
    one = queries.own_import(actor, key)
    assert one.state == State.COLUMNS, one.error
    with transaction():
        operations.choose(actor, key, [guess[0] for guess in one.found["guesses"]])
    work(app)
    db.session.expire_all()
    return queries.own_import(actor, key)


def accepted(app, actor, one):
    with transaction():
        operations.accept(actor, one.key)
    work(app)
    db.session.expire_all()
    return queries.own_import(actor, one.key)


@pytest.fixture
def coop(ctx):
    return cooperatives.create_cooperative("HTX Bản Vàng")


@pytest.fixture
def manager(coop):
    return accounts.actor_for(Role.MANAGER, coop.organisation_id)


def test_five_thousand_rows_with_37_bad_ones_give_37_messages_and_lose_nothing(app, manager, coop):
    data = sheets.workbook([sheets.HEADINGS, *sheets.with_faults(5000)], before=[["HTX Bản Vàng"], ["Bảng hàng 2026"], []])
    began = time.perf_counter()
    one = chosen(app, manager, coop, data)
    read = time.perf_counter() - began
    found = queries.counts(one.id)
    rows = queries.rows_with(one.id, ["faulty"])
    assert (found["new"], found["faulty"], len(rows)) == (4963, 37, 37)
    assert sum(len(row.faults) for row in rows) == 37
    assert db.session.query(Product).count() == 0
    began = time.perf_counter()
    one = accepted(app, manager, one)
    took = time.perf_counter() - began
    assert one.state == State.DONE and one.done_count == 4963
    assert db.session.query(Product).count() == 4963
    assert len(queries.rows_with(one.id, ["faulty"])) == 37
    print(f"\n5,000 rows: read and checked in {read:.1f} s, taken in {took:.1f} s")
    assert read + took < 60
