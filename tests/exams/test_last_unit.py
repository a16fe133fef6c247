"""A hundred buyers for the last piece: one gets it, the others are told, nobody sees an error."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import func, select

from config import ROOT
from cooperatives.models import Cooperative
from core.db import db
from orders.models import OrderLine
from tests.exams.stage import rounds
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.places import commune
from tests.factories.traceability import create_lot
from tests.factories.weighed import CHICKEN, by_weight
from traceability.models import Stock
from traceability.stock.queries import differences

pytestmark = pytest.mark.slow
PROCESSES, BUYERS = 8, 100
TOP_G = CHICKEN.max_g


def last_one(coop, number):
    """A pack of which one piece is left; what the buyers need to know."""
    pack = create_product(coop, f"Mật ong {number}", illustration="mat-ong").packs[0]
    create_lot(coop, pack, 1, slips=[])
    return pack.id, coop.id, commune("Cầu Giấy").id


def last_by_weight(coop, number):
    """A pack that is weighed at packing, with grams enough for one piece at the top of its band and not for two."""
    pack = by_weight(TOP_G + 1_500, coop=coop, name=f"Gà đen {number}")
    return pack.id, coop.id, commune("Cầu Giấy").id


SHELVES = {"in packs": (last_one, 3, 1, 1), "by weight": (last_by_weight, 1, TOP_G + 1_500, TOP_G)}


@pytest.mark.parametrize("goods", SHELVES)
def test_one_of_a_hundred_buyers_gets_the_last_piece(where, session_app, goods):
    stock_it, short, *left = SHELVES[goods]
    with where.inside(session_app):
        coop_id = create_cooperative().id
    errors = (where.folder / "buyers.log").open("w")
    crowd = subprocess.Popen(
        [sys.executable, "-m", "tests.exams.buyers", str(PROCESSES), str(BUYERS)], cwd=ROOT, text=True,
        env=where.env(LOG_LEVEL="error"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        start_new_session=True,
    )  # fmt: skip
    with errors, crowd:
        try:
            for number in range(rounds(short, 50)):
                with where.inside(session_app):
                    task = stock_it(db.session.get_one(Cooperative, coop_id), number)
                crowd.stdin.write(json.dumps(task) + "\n")
                crowd.stdin.flush()
                outcomes = Counter(json.loads(crowd.stdout.readline()))
                assert outcomes == {"bought": 1, "sold out": BUYERS - 1}
                with where.inside(session_app):
                    check(task[0], tuple(left))
            crowd.stdin.close()
            assert crowd.wait(timeout=30) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(crowd.pid, signal.SIGKILL)  # the children too, whatever happened


def check(pack_id, left):
    """One line, one piece held of one (or its grams), nothing differs from its movements."""
    sold = select(func.count(), func.sum(OrderLine.quantity)).where(OrderLine.pack_id == pack_id)
    assert tuple(db.session.execute(sold).one()) == (1, 1)
    stock = select(Stock.on_hand, Stock.reserved).where(Stock.pack_id == pack_id)
    assert tuple(db.session.execute(stock).one()) == left
    assert differences() == []
