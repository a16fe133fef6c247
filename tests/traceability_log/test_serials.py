"""A label's serial commits to its lot's history, and anybody who has the proof pack can check it."""

import json
import re
import secrets
import shutil
import subprocess

import pytest

from accounts.rules import SYSTEM
from catalog.models import Pack
from config import ROOT
from core.db import db, transaction
from core.errors import Conflict, Invalid
from tests.storefront_scan.test_pages import Shop
from traceability.labels.models import LabelSerial
from traceability.labels.operations import order_labels, reprint, void_serials
from traceability.labels.queries import history_of, serial_fact, serials_of
from traceability.labels.rules import SerialState, serials_in
from traceability.log.checking import BadPack, check_pack
from traceability.log.operations import sign_checkpoint
from traceability.log.serials import commits
from traceability.models import Lot
from traceability.stock.operations import lose_stock

NODE = shutil.which("node")


@pytest.fixture
def shop(app):
    return Shop(app)


@pytest.fixture
def labelled(app, shop):
    """A lot in packs with three serialised labels: lot, pack, sheet, serials, code."""
    code = shop.lot(6)
    with app.app_context():
        lot_id = db.session.query(Lot.id).filter_by(code=code).scalar()
        pack_id = db.session.get_one(Pack, shop.pack).id
        db.session.rollback()
        with transaction():
            sheet = order_labels(SYSTEM, secrets.token_hex(8), lot_id, pack_id, 3, serialised=True)
            lose_stock(SYSTEM, lot_id, pack_id, 1, "Rơi vỡ")  # later events do not change what was printed
        with transaction():
            sign_checkpoint()
        yield lot_id, pack_id, sheet.id, serials_of(sheet.id), code


def test_every_label_has_its_own_serial_that_nobody_can_guess_from_another(labelled):
    lot_id, pack_id, sheet_id, serials, _code = labelled
    assert len(set(serials)) == 3
    rows = db.session.query(LabelSerial).filter_by(sheet_id=sheet_id).order_by(LabelSerial.counter).all()
    assert [one.counter for one in rows] == [0, 1, 2] and len({one.salt for one in rows}) == 3
    leaves, _root = history_of(lot_id)
    fact = serial_fact(lot_id, pack_id, serials[1])
    assert fact.leaf_count < leaves  # the loss came afterwards
    assert commits(fact.serial, bytes.fromhex(fact.history), bytes.fromhex(fact.salt), fact.counter)
    assert (
        serial_fact(lot_id, pack_id, "A" * 16) is None
        and serial_fact(lot_id, pack_id + 1, serials[0]) is None
    )


def test_a_spoiled_label_is_withdrawn_and_its_replacement_has_a_new_serial(labelled):
    lot_id, pack_id, sheet_id, serials, _code = labelled
    with transaction():
        again = reprint(SYSTEM, "again", sheet_id, 1, "Kẹt giấy", serials[:1])
        assert reprint(SYSTEM, "again", sheet_id, 1, "Kẹt giấy", serials[:1]).id == again.id
    assert serial_fact(lot_id, pack_id, serials[0]).state is SerialState.VOID
    assert serial_fact(lot_id, pack_id, serials[1]).state is SerialState.PRINTED
    [fresh] = serials_of(again.id)
    assert fresh not in serials and serial_fact(lot_id, pack_id, fresh).counter == 3
    with pytest.raises(Invalid, match="không có số"), transaction():
        void_serials(SYSTEM, sheet_id, [fresh], "Sai")
    with transaction():
        assert void_serials(SYSTEM, sheet_id, serials[:2], "Rách") == 1


def test_no_history_no_serials(app, shop, labelled):
    lot_id, pack_id, *_rest = labelled
    db.session.rollback()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Conflict, match="chưa ghi việc nào"):
        patch.setattr("traceability.labels.queries.history_of", lambda _lot: (0, b""))
        with transaction():
            order_labels(SYSTEM, "none", lot_id, pack_id, 1, serialised=True)


def test_the_proof_pack_of_a_label_proves_its_serial_and_a_bent_one_proves_nothing(client, shop, labelled):
    *_ids, serials, code = labelled
    assert client.get(f"/log/pack/{shop.gtin}/{code}/{'A' * 16}.html").status_code == 404
    answer = client.get(f"/log/pack/{shop.gtin}/{code}/{serials[2]}.html")
    assert answer.status_code == 200 and f"{code}-{serials[2]}.html" in answer.headers["Content-Disposition"]
    assert (
        check_pack(answer.text).serial == serials[2]
        and check_pack(client.get(f"/log/pack/{shop.gtin}/{code}.html").text).serial == ""
    )
    for old, new in ((f'"serial": "{serials[2]}"', f'"serial": "{serials[0]}"'), ('"counter": 2', '"counter": 1'),
                     ('"leaf_count": ', '"leaf_count": 9')):  # fmt: skip
        with pytest.raises(BadPack, match="serial"):
            check_pack(answer.text.replace(old, new, 1))


@pytest.mark.skipif(NODE is None, reason="no Node here")
def test_the_pages_own_script_checks_a_serial_too(client, shop, labelled, tmp_path):
    *_ids, serials, code = labelled
    said = json.loads(client.get(f"/log/evidence/{shop.gtin}/{code}/{serials[0]}.json").data)
    bent = json.loads(json.dumps(said))
    bent["label"]["salt"] = "00" * 32
    scripts = "".join((ROOT / "static" / "js" / f"{name}.js").read_text() for name in ("label", "proof"))
    (tmp_path / "page.js").write_text(scripts)
    (tmp_path / "run.js").write_text(
        "const fs = require('fs'); globalThis.crypto ??= require('crypto').webcrypto;\n"
        "const script = fs.readFileSync(process.argv[2], 'utf8');\n"
        "const run = async text => { const out = {}; const button = {}; const box = {dataset: {proof: '#e'},\n"
        "  querySelector: s => s === 'button' ? button : out};\n"
        "globalThis.document = {querySelectorAll: () => [box], querySelector: () => ({textContent: text})};\n"
        "eval(script); await button.onclick(); return box.dataset.verdict; };\n"
        "(async () => { for (const line of fs.readFileSync(0, 'utf8').split('\\n')) "
        "console.log(await run(line)); })();\n"
    )
    ran = subprocess.run(
        [NODE, str(tmp_path / "run.js"), str(tmp_path / "page.js")],
        input="\n".join(json.dumps(one) for one in (said, bent)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.split() == ["good", "bad"]


def test_serials_are_read_as_people_copy_them():
    assert serials_in("abcd efgh ijkl mnop\n\nABCDEFGHIJKLMNOQ,abcdefghijklmnop") == [
        "ABCDEFGHIJKLMNOP",
        "ABCDEFGHIJKLMNOQ",
    ]
    assert re.fullmatch("[A-Z2-7]{16}", serials_in("https://x.vn/01/1/10/L/21/ABCDEFGHIJKLMNO2?a=1")[0])
