"""The log for machines and for whoever wants to check us: checkpoint, tiles, entries, keys, proofs, evidence, packs."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from accounts.access import public
from config import ROOT
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_
from traceability.log import keys, notes
from traceability.log.models import LogCheckpoint
from traceability.log.operations import add_cosignatures
from traceability.log.packs import as_json, evidence, proof_note
from traceability.log.public import Evidence
from traceability.log.queries import (
    Reader,
    consistency,
    cosignatures,
    entries,
    known_keys,
    latest_checkpoint,
    published,
    root_at,
)
from traceability.log.steps import papers_said, steps_of
from traceability.log.tiles import LEVEL_MAX, bundle, parse_index, width_at

bp = Blueprint("log", __name__, url_prefix="/log")
BLUEPRINTS = [bp]
FOREVER = "public, max-age=31536000, immutable"
BRIEF = "public, max-age=5"
NOTE_BYTES_MAX = 20_000
# The saved file has no other: it must look like something with the server gone.
PACK_STYLE = """
body { margin: 0; font: 1.0625rem/1.6 system-ui, "Noto Sans", sans-serif; color: #181a2a; background: #fffdf8 }
main { max-width: 40rem; margin: auto; padding: 1.25rem; overflow-wrap: anywhere }
h1, h2 { line-height: 1.25; color: #191d4b } h2 { margin-top: 2rem }
section { border: 3px solid #191d4b; padding: 1rem } section p { font-weight: 700; margin-bottom: 0 }
[data-verdict=good] { border-color: #14603a } [data-verdict=bad] { border-color: #9b1111; background: #fdeaea }
button { font: inherit; font-weight: 700; min-height: 3rem; padding: .5rem 1.25rem; border: 0 }
button { color: #fff; background: #191d4b } pre { white-space: pre-wrap }
li { margin-block: .5rem } a { color: #262d80 }
"""


def _answer(body: str | bytes, mimetype: str, cache: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = cache
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _signed() -> LogCheckpoint:
    signed = latest_checkpoint()
    if signed is None:
        raise NotFound(N_("Nhật ký chưa được ký lần nào."), remedy=N_("Quay lại sau một phút."))
    return signed


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """What the log is, its last checkpoint, its keys, and honestly who watches it."""
    signed = latest_checkpoint()
    seen = {one.vkey for one in cosignatures(signed.id)} if signed else set()
    watching = [(one.name, one.vkey in seen) for one in keys.witnesses()]
    return render_template(
        "traceability/log/home.html", size=signed.size if signed else 0, at=signed.at if signed else None,
        witnesses=watching, quorum=keys.quorum(), countersigned=sum(one for _name, one in watching),
    )  # fmt: skip


@bp.get("/checkpoint")
@public
def checkpoint() -> ResponseReturnValue:
    """The newest signed tree head, a C2SP checkpoint with its countersignatures."""
    return _answer(published(_signed()), "text/plain", BRIEF)


@bp.get("/tile/<level>/<path:index>")
@public
def tile(level: str, index: str) -> ResponseReturnValue:
    """A tile of hashes, or with level `entries` a bundle of entries (C2SP tlog-tiles). Only what is signed."""
    place, signed = parse_index(index), _signed()
    depth = 0 if level == "entries" else int(level) if level.isascii() and level.isdigit() else -1
    if place is None or not 0 <= depth <= LEVEL_MAX or (level != "entries" and level != str(depth)):
        raise NotFound(N_("Không có ô này trong nhật ký."))
    n, width = place
    if width > width_at(depth, n, signed.size):
        raise NotFound(N_("Không có ô này trong nhật ký."))
    if level == "entries":
        found = entries(n, width)
        if found is None:
            raise NotFound(N_("Không có ô này trong nhật ký."))
        return _answer(bundle(found), "application/octet-stream", FOREVER)
    return _answer(b"".join(Reader().tile(depth, n)[:width]), "application/octet-stream", FOREVER)


@bp.get("/keys")
@public
def key_list() -> ResponseReturnValue:
    """Verifier keys with their dates, and who is asked to witness."""
    said: dict[str, Any] = {
        "origin": keys.origin(),
        "keys": [
            {"vkey": one.vkey, "from": one.from_at.isoformat(),
             "until": one.until_at.isoformat() if one.until_at else None}
            for one in known_keys()
        ],
        "witnesses": [one.vkey for one in keys.witnesses()],
        "quorum": keys.quorum(),
    }  # fmt: skip
    return _answer(current_app.json.dumps(said), "application/json", BRIEF)


@bp.get("/witness.py")
@public
def witness() -> ResponseReturnValue:
    """The witness in one file, for whoever wants to watch us from elsewhere; it needs nothing but Python."""
    answer = _answer((ROOT / "scripts" / "witness.py").read_text(encoding="utf-8"), "text/x-python", BRIEF)
    answer.headers["Content-Disposition"] = 'attachment; filename="witness.py"'
    return answer


@bp.get("/proof/<path:event_id>")
@public
def proof(event_id: str) -> ResponseReturnValue:
    """The C2SP tlog-proof of an event by its eventID; the extra line is the leaf's salt."""
    found = proof_note(event_id)
    if found is None:
        raise NotFound(N_("Chưa có bằng chứng cho sự kiện này."), remedy=N_("Quay lại sau một phút."))
    return _answer(found, "text/plain", BRIEF)


@bp.get("/consistency/<int:old>/<int:new>")
@public
def grown(old: int, new: int) -> ResponseReturnValue:
    """The proof that the tree of one size became that of another: what `flask log probe` reads."""
    if not 0 < old <= new <= _signed().size:
        raise NotFound(N_("Nhật ký chưa dài đến đó."))
    said = {
        "size1": old, "size2": new, "root1": keys.text64(root_at(old)), "root2": keys.text64(root_at(new)),
        "proof": [keys.text64(one) for one in consistency(old, new)],
    }  # fmt: skip
    return _answer(current_app.json.dumps(said), "application/json", FOREVER)


def _evidence(gtin: str, lot: str, serial: str) -> Evidence:
    found = evidence(gtin, lot, serial)
    if found is None:
        raise NotFound(
            N_("Chưa có bằng chứng cho lô này."), remedy=N_("Xem lại mã lô, hoặc quay lại sau một phút.")
        )
    return found


@bp.get("/evidence/<gtin>/<lot>.json")
@bp.get("/evidence/<gtin>/<lot>/<serial>.json")
@public
def lot_evidence(gtin: str, lot: str, serial: str = "") -> ResponseReturnValue:
    """What the scan page's script checks: events, salts, proofs, checkpoint; with a serial, what it was made from."""
    return _answer(as_json(_evidence(gtin, lot, serial)), "application/json", BRIEF)


@bp.get("/pack/<gtin>/<lot>.html")
@bp.get("/pack/<gtin>/<lot>/<serial>.html")
@public
def pack(gtin: str, lot: str, serial: str = "") -> ResponseReturnValue:
    """One file to keep: it checks itself when opened, also when this server is gone."""
    found = _evidence(gtin, lot, serial)
    needed = [name for name, here in (("label", found.label), ("witnessed", found.quorum)) if here] + [
        "proof"
    ]
    script = "".join((ROOT / "static" / "js" / f"{one}.js").read_text(encoding="utf-8") for one in needed)
    data = f'<script type="application/json" id="evidence">{as_json(found)}</script>'
    head = notes.parse_checkpoint(notes.parse_note(found.checkpoint).text)
    page = render_template(
        "traceability/log/pack.html", found=found, size=head.size,
        events=steps_of(found), papers=papers_said(found),
        style=Markup(f"<style>{PACK_STYLE}</style>"),
        embedded=Markup(f"{data}\n<script>\n{script}</script>"),
        address=url_for("log.home", _external=True),
    )  # fmt: skip
    named = "-".join(part for part in (found.gtin, found.lot, serial) if part)
    response = _answer(page, "text/html", BRIEF)
    response.headers["Content-Disposition"] = f'attachment; filename="{named}.html"'
    return response


@bp.post("/cosignatures")
@public
def cosign() -> ResponseReturnValue:
    """A witness sends back our checkpoint with its line. The signature proves the sender; nothing else is believed."""
    raw = request.get_data(cache=False)[:NOTE_BYTES_MAX].decode("utf-8", "replace")
    with transaction():
        count = add_cosignatures(raw)
    return _answer(f"{count}\n", "text/plain", "no-store")


CSRF_EXEMPT = [cosign]
