"""The log over HTTP, and what somebody takes home from it."""

import base64
import json
import shutil
import subprocess
from datetime import datetime
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config import ROOT
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
    assert (ROOT / "static" / "js" / "proof.js").stat().st_size <= 3 * 1024


NODE = shutil.which("node")


RUN_JS = """
const fs = require("fs"); globalThis.crypto ??= require("crypto").webcrypto;
const run = async (text) => {
  const out = {}, button = {};
  const box = {dataset: {proof: "#e"}, querySelector: (s) => s === "button" ? button : out};
  globalThis.document = {querySelectorAll: () => [box], querySelector: () => ({textContent: text})};
  eval(process.argv.slice(2).map((name) => fs.readFileSync(name, "utf8")).join(""));
  await button.onclick();
  return box.dataset.verdict;
};
(async () => { for (const line of fs.readFileSync(0, "utf8").split("\\n")) console.log(await run(line)); })();
"""


def verdicts(folder, *evidence, scripts=("proof",)):
    """What the page's scripts say of each evidence, in Node."""
    (folder / "run.js").write_text(RUN_JS)
    files = [str(ROOT / "static" / "js" / f"{one}.js") for one in scripts]
    lines = "\n".join(json.dumps(one) for one in evidence)
    ran = subprocess.run(
        [NODE, str(folder / "run.js"), *files], input=lines, capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


@pytest.mark.skipif(NODE is None, reason="no Node here")
def test_the_script_says_good_bad_and_unchecked(client, lot, tmp_path):
    gtin, code = lot
    evidence = client.get(f"/log/evidence/{gtin}/{code}.json").data.decode()
    said, bent, moved, forged = (json.loads(evidence) for _ in range(4))
    bent["events"][0]["document"] = bent["events"][0]["document"].replace("packing", "shipping") + " "
    moved["events"][0]["index"] += 1
    forged["checkpoint"] = forged["checkpoint"][:-10] + "AAAAAAAA=\n"
    assert verdicts(tmp_path, said, bent, moved, forged) == ["good", "bad", "bad", "bad"]


@pytest.mark.skipif(NODE is None, reason="no Node here")
def test_what_is_taken_home_was_countersigned_by_as_many_witnesses_as_are_needed(app, client, lot, tmp_path):
    address = f"/log/evidence/{lot[0]}/{lot[1]}.json"
    ours = [Ed25519PrivateKey.generate() for _ in range(3)]
    names = [f"w{number}.example" for number in range(3)]
    vkeys = [notes.Verifier(name, notes.COSIGNATURE, key.public_key().public_bytes_raw()).vkey
             for name, key in zip(names, ours, strict=True)]  # fmt: skip
    app.config["LOG_WITNESSES"], app.config["LOG_WITNESS_QUORUM"] = " ".join(vkeys), 2
    try:
        for number in range(2):
            assert client.get(address).status_code == 404
            note = client.get("/log/checkpoint").text
            line = notes.cosign(notes.parse_note(note).text, names[number], ours[number], 1_795_000_000)
            assert client.post("/log/cosignatures", data=f"{note}{line}\n").text == "1\n"
        before = client.get(address).get_json()
        with app.app_context(), transaction():
            append(b"later", subject="test:later")
            sign_checkpoint()
        said = client.get(address).get_json()  # the new head has no witness yet: the old one still proves
        assert said == before and said["checkpoint"] != client.get("/log/checkpoint").text
        pack = client.get(f"/log/pack/{lot[0]}/{lot[1]}.html").text
        assert check_pack(pack).witnesses == ("w0.example", "w1.example") and "cosignature/v1" in pack
        scan = client.get(f"/01/{lot[0]}/10/{lot[1]}").text
    finally:
        app.config["LOG_WITNESSES"], app.config["LOG_WITNESS_QUORUM"] = "", 0
    assert scan.index("js/witnessed.js") < scan.index("js/proof.js")
    few, twice, later, strange = (json.loads(json.dumps(said)) for _ in range(4))
    last = said["checkpoint"].rstrip("\n").rpartition("\n")
    few["checkpoint"] = last[0] + "\n"
    twice["checkpoint"], twice["witnesses"] = few["checkpoint"], [vkeys[0], vkeys[0]]
    later["checkpoint"] = last[0] + "\n" + notes.cosign("another text\n", names[1], ours[1], 1) + "\n"
    strange["witnesses"] = [vkeys[0], vkeys[2]]
    found = verdicts(tmp_path, said, few, twice, later, strange, scripts=("witnessed", "proof"))
    assert found == ["good", "bad", "bad", "bad", "bad"]


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
    said = check_pack(page).steps
    assert f"2026-11-20 counted: 3 of /01/{lot[0]}/10/{lot[1]}" in said
    assert f"2026-11-20 counted (declared wrong): 3 of /01/{lot[0]}/10/{lot[1]}" in said
    assert not [one for one in ("/id/", "/01/", "GRM", "T00:00", "sensor_reporting") if one in told]
