"""The log over HTTP, and what somebody takes home from it."""

import base64
import json
import shutil
import subprocess
from datetime import datetime
from urllib.parse import quote

import pytest

from core.clock import HANOI
from core.db import db, transaction
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.traceability import create_lot
from traceability.epcis.models import EpcisEvent
from traceability.epcis.operations import declare_wrong, record
from traceability.epcis.rules import Step, packs, sensed
from traceability.log import notes, rules
from traceability.log.checking import BadPack, check_pack
from traceability.log.keys import verifier
from traceability.log.operations import append, sign_checkpoint
from traceability.log.probes import proves
from traceability.log.seals import seal_rows
from traceability.models import Lot


@pytest.fixture
def lot(app):
    """(gtin, code) of a lot whose events are signed, with more than a tile of leaves before them."""
    with app.app_context():
        with transaction():
            for number in range(300):
                append(b"%d" % number, subject=f"test:{number}")
        coop = create_cooperative()
        pack = create_product(coop, "Miến dong").packs[0]
        gtin, code = pack.gtin, create_lot(coop, pack).code
        seal_rows()
        with transaction():
            sign_checkpoint()
    return gtin, code


def head(client):
    answer = client.get("/log/checkpoint")
    assert answer.content_type == "text/plain; charset=utf-8"
    return notes.parse_checkpoint(notes.parse_note(answer.text).text)


def test_an_outsider_recomputes_the_root_from_tiles_and_each_tile_from_its_entries(client, lot):
    said = head(client)
    leaves, partial = [], said.size % 256
    for path in ("000", f"001.p/{partial}"):
        tile = client.get(f"/log/tile/0/{path}")
        assert tile.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        bundle = client.get(f"/log/tile/entries/{path}").data
        entries = [bundle[at + 2 : at + 34] for at in range(0, len(bundle), 34)]
        assert b"".join(rules.leaf_hash(one) for one in entries) == tile.data
        leaves += [tile.data[at : at + 32] for at in range(0, len(tile.data), 32)]
    assert len(leaves) == said.size and rules.root(leaves) == said.root
    assert client.get("/log/tile/1/000.p/1").data == rules.root(leaves[:256])


@pytest.mark.parametrize(
    "path", ["0/001", "0/001.p/255", "0/002.p/1", "1/000", "1/000.p/2", "2/000.p/1", "64/000", "00/000", "x/000",
             "0/0", "0/000.p/256", "entries/001", "-1/000"],
)  # fmt: skip
def test_what_is_not_signed_or_not_spelled_so_is_not_served(client, lot, path):
    assert client.get(f"/log/tile/{path}").status_code == 404


def test_an_events_proof_verifies_from_its_document_alone(client, app, lot):
    with app.app_context():
        event = db.session.query(EpcisEvent).first()
        name, document = event.event_id, dict(event.document)
        known = verifier()
    text = client.get(f"/log/proof/{quote(name)}").text
    proof, _empty, note = text.partition("\n\n")
    first, extra, index, *path = proof.split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    said = notes.parse_checkpoint(notes.verified(note, [known])[0].text)
    from traceability.epcis.rules import canonical

    leaf = rules.salted_leaf(base64.b64decode(extra.split()[1]), canonical(document))
    nodes = [base64.b64decode(one) for one in path]
    assert rules.proves_inclusion(leaf, int(index.split()[1]), said.size, nodes, said.root)
    assert client.get("/log/proof/urn:uuid:nobody").status_code == 404


def test_growth_is_proved_in_the_form_of_the_probe(client, lot):
    size = head(client).size
    for old in (1, 255, 256, 257, size):
        probe = json.loads(client.get(f"/log/consistency/{old}/{size}").data)
        assert proves(probe)
    assert client.get(f"/log/consistency/1/{size + 1}").status_code == 404


def test_the_pack_checks_itself_with_the_server_gone_and_shows_no_family(client, lot):
    gtin, code = lot
    answer = client.get(f"/log/pack/{gtin}/{code}.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = check_pack(answer.text)
    assert found.lot == code and found.events >= 2 and found.witnesses == ()
    assert check_pack(answer.text, [found.key]) == found
    for old, new in (("eventTime", "eventtime"), ('"lot": "', '"lot": "X'), ('"path": ["', '"path": ["00')):
        assert old in answer.text
        with pytest.raises(BadPack):
            check_pack(answer.text.replace(old, new))
    other = notes.Verifier(verifier_name(answer.text), notes.NOTE, bytes(32)).vkey
    with pytest.raises(BadPack, match="no known key"):
        check_pack(answer.text, [other])
    assert "Bàn Thị" not in answer.text and "PC-26" not in answer.text


def verifier_name(text):
    return json.loads(text.split('id="evidence">')[1].split("</script>")[0])["origin"]


def test_a_stranger_cannot_leave_a_signature(client, lot):
    assert client.post("/log/cosignatures", data="x").status_code == 422
    assert client.post("/log/cosignatures", data=client.get("/log/checkpoint").data).status_code == 422


def test_without_a_signature_there_is_nothing_to_serve(client):
    assert client.get("/log/checkpoint").status_code == 404 and client.get("/log/").status_code == 200


def test_the_page_says_honestly_that_nobody_watches_yet(client, lot):
    assert "Chưa có nhân chứng nào" in client.get("/log/").text


def test_the_script_is_under_three_kilobytes():
    from config import ROOT

    assert (ROOT / "static" / "js" / "proof.js").stat().st_size <= 3 * 1024


NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no Node here")
def test_the_script_says_good_bad_and_unchecked(client, lot, tmp_path):
    from config import ROOT

    gtin, code = lot
    evidence = client.get(f"/log/evidence/{gtin}/{code}.json").data.decode()
    (tmp_path / "run.js").write_text(
        "const fs = require('fs'); globalThis.crypto ??= require('crypto').webcrypto;\n"
        "const run = async text => { const out = {}; const button = {}; const box = {dataset: {proof: '#e'},\n"
        "  querySelector: s => s === 'button' ? button : out};\n"
        "globalThis.document = {querySelectorAll: () => [box], querySelector: () => ({textContent: text})};\n"
        f"eval(fs.readFileSync({json.dumps(str(ROOT / 'static/js/proof.js'))}, 'utf8'));\n"
        "await button.onclick(); return box.dataset.verdict; };\n"
        "(async () => { for (const line of fs.readFileSync(0, 'utf8').split('\\n')) "
        "console.log(await run(line)); })();\n"
    )
    said = json.loads(evidence)
    bent, moved, forged = (json.loads(evidence) for _ in range(3))
    bent["events"][0]["document"] = bent["events"][0]["document"].replace("packing", "shipping") + " "
    moved["events"][0]["index"] += 1
    forged["checkpoint"] = forged["checkpoint"][:-10] + "AAAAAAAA=\n"
    lines = "\n".join(json.dumps(one) for one in (said, bent, moved, forged))
    ran = subprocess.run(
        [NODE, str(tmp_path / "run.js")], input=lines, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["good", "bad", "bad", "bad"]


def test_a_pack_tells_its_steps_in_words_and_keeps_what_was_declared_wrong(client, app, lot):
    with app.app_context():
        coop_id = db.session.query(EpcisEvent.cooperative_id).limit(1).scalar()
        found = db.session.query(Lot).filter_by(code=lot[1]).one()
        goods = [packs(found.id, lot[0], lot[1], 3)]
        at = datetime(2026, 11, 20, 9, tzinfo=HANOI)
        with transaction():
            counted = record(Step.COUNTED, cooperative_id=coop_id, at=at, goods=goods)
            warm = [sensed("Temperature", 6, "CEL", at)]
            record(Step.SENSED, cooperative_id=coop_id, at=at, goods=goods, sensors=warm)
            declare_wrong(counted, at=at, step=Step.COUNTED)
            sign_checkpoint()
    page = client.get(f"/log/pack/{lot[0]}/{lot[1]}.html").text
    told = page.partition("<ol>")[2].partition("</ol>")[0]
    assert "<b>Đếm lại kho</b>, 20/11/2026 <strong>(đã khai lại là ghi sai)</strong>" in told
    assert f"Miến dong đã đóng gói, lô {lot[1]}: 3 gói" in told and "Nhiệt độ: 6 °C" in told
    assert "Khai lại là ghi sai: Đếm lại kho" in told
    assert not [one for one in ("/id/", "/01/", "GRM", "T00:00", "sensor_reporting") if one in told]
