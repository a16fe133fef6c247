"""Who may open the pages of the bank rail and of cash on delivery."""

from typing import Any

from accounts.rules import Role
from tests.routes.payments import _refund, _transfer
from tests.routes.row import ANYBODY, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")


def _unpaid(world: Any) -> dict[str, str]:
    """The token of an order that waits for a transfer."""
    from tests.factories.payments import place_order

    return {"token": place_order([(world.pack, 1)], phone="+84911111111")[0].token}


def _account(order: Any) -> int:
    """The account that an order of a cooperative is paid to."""
    from cooperatives import queries as cooperatives
    from core import clock

    return cooperatives.active_account_id(order.cooperative_id, clock.now()) or 0


def _statement(order: Any) -> int:
    """A statement of an order's cooperative, with a line that cannot be read."""
    from core.db import transaction
    from payments.bank_statements.columns import COLUMNS
    from payments.bank_statements.operations import send_statement
    from payments.tables.files import read_rows
    from tests.factories.payments import staff_of

    data = b"Ngay;Ghi co;Noi dung\n21/11/2026;90000;khong ro\n21/11/2026;x;khong ro"
    with transaction():
        made = send_statement(staff_of(order), f"route-statement-{order.id}", _account(order), "saoke.csv",
                              "x/aa/none.csv", read_rows(data, COLUMNS))  # fmt: skip
    return made.id


def _proved(order: Any) -> int:
    """A refund of an order's cooperative whose slip is kept."""
    from core import files
    from core.db import db, transaction
    from payments.models import Refund

    refund_id = _refund(order)
    with transaction():
        db.session.get_one(Refund, refund_id).proof = files.put(b"RIFF0000WEBP", ".webp")
    return refund_id


def _remittance(order: Any) -> int:
    """A carrier's table of an order's cooperative."""
    from core import files
    from core.db import transaction
    from payments.carriers.columns import COLUMNS
    from payments.carriers.operations import send_file
    from payments.tables.files import read_rows
    from tests.factories.payments import staff_of

    data = b"Ma van don,Tien thu ho,Ma don hang\nEB1,90000,CP222222\nEB2,x,"
    with transaction():
        return send_file(staff_of(order), f"route-table-{order.id}", "Bưu điện", "bang.csv", files.put(data, ".csv"),
                         read_rows(data, COLUMNS)).id  # fmt: skip


def _claim(order: Any) -> int:
    """A claim of an order's cooperative against a carrier."""
    from core import clock
    from core.db import db, transaction
    from payments.carriers.queries import claim_of_order
    from payments.models import CarrierClaim

    with transaction():
        found = claim_of_order(order.id)
        if found is None:
            found = CarrierClaim(order_id=order.id, cooperative_id=order.cooperative_id, carrier="Bưu điện",
                                 kind="parcel", claimed_vnd=90_000, reason="mất", opened_at=clock.now())  # fmt: skip
            db.session.add(found)
            db.session.flush()
        return found.id


def _guess(_world: Any) -> dict[str, str]:
    return {"token": "a-guessed-token-of-somebody"}


ROWS = [
    Row("transfers.picture", ANYBODY, own=_unpaid, foreign=_guess, page=False),
    Row("transfers.take", STAFF, own=lambda w: {"transfer_id": _transfer(w.order)},
        foreign=lambda w: {"transfer_id": _transfer(w.other_order)}, methods=("POST",), page=False),
    Row("transfers.undo", STAFF, own=lambda w: {"transfer_id": _transfer(w.order)},
        foreign=lambda w: {"transfer_id": _transfer(w.other_order)}, methods=("POST",), page=False),
    # Anybody may knock at payOS's door: the sender is proved by the signature under the account's key, else 401.
    Row("feeds.payos_webhook", ANYBODY, own=lambda w: {"account_id": 1}, methods=("POST",), page=False),
    Row("feeds.feed", STAFF, own=lambda w: {"account_id": _account(w.order)},
        foreign=lambda w: {"account_id": _account(w.other_order)}, methods=BOTH),
    Row("bank_statements.listing", STAFF, methods=BOTH),
    Row("bank_statements.statement", STAFF, own=lambda w: {"statement_id": _statement(w.order)},
        foreign=lambda w: {"statement_id": _statement(w.other_order)}, methods=BOTH),
    Row("refunds.proof", STAFF, own=lambda w: {"refund_id": _proved(w.order)},
        foreign=lambda w: {"refund_id": _proved(w.other_order)}, page=False),
    Row("carriers.listing", STAFF, methods=BOTH),
    Row("carriers.table", STAFF, own=lambda w: {"file_id": _remittance(w.order)},
        foreign=lambda w: {"file_id": _remittance(w.other_order)}, methods=BOTH),
    Row("carriers.part", STAFF, own=lambda w: {"order_id": w.cod_order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=BOTH),
    Row("carriers.lost", STAFF, own=lambda w: {"order_id": w.shipped_order.id},
        foreign=lambda w: {"order_id": w.other_order.id}, methods=BOTH),
    Row("carriers.claims", STAFF),
    Row("carriers.claim", STAFF, own=lambda w: {"claim_id": _claim(w.order)},
        foreign=lambda w: {"claim_id": _claim(w.other_order)}, methods=BOTH),
]  # fmt: skip
