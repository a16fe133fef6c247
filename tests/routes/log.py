"""The log is for anybody; only a known witness's signature is ever kept."""

from tests.routes.row import ANYBODY, Row


def _signed(w):
    from core.db import transaction
    from traceability.log.operations import sign_checkpoint
    from traceability.log.seals import seal_rows

    seal_rows()
    with transaction():
        sign_checkpoint()


def _with(values):
    def made(w):
        _signed(w)
        return values(w)

    return made


def _lot(w):
    return {"gtin": w.pack.gtin, "lot": w.lot.code}


def _event(_w):
    from core.db import db
    from traceability.epcis.models import EpcisEvent

    return {"event_id": db.session.query(EpcisEvent).first().event_id}


ROWS = [
    Row("log.cosign", ANYBODY, methods=("POST",), page=False),
    Row("log.home", ANYBODY, _with(lambda _w: {})),
    Row("log.checkpoint", ANYBODY, _with(lambda _w: {}), page=False),
    Row("log.tile", ANYBODY, _with(lambda _w: {"level": "0", "index": "000.p/1"}), page=False),
    Row("log.key_list", ANYBODY, page=False),
    Row("log.witness", ANYBODY, page=False),
    Row("log.proof", ANYBODY, _with(_event), page=False),
    Row("log.grown", ANYBODY, _with(lambda _w: {"old": 1, "new": 2}), page=False),
    Row("log.lot_evidence", ANYBODY, _with(_lot), page=False),
    Row("log.pack", ANYBODY, _with(_lot), page=False),
]
