"""`/feeds/…`, streamed and compressed, answered with 304 while nothing has changed; and the manager's page of them."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Blueprint, Response, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.menu import Link
from accounts.rules import Role
from channels.doors.boards import doors
from channels.feeds import changes, queries
from channels.feeds.boards import board
from channels.feeds.operations import note
from channels.feeds.queries import Scope
from channels.feeds.rules import HOURS_MAX, Family, Feed, family, since_of
from channels.feeds.writing import FILE_NAME, MEDIA_TYPE, write
from channels.sharing.queries import brought
from cooperatives.queries import of_organisation
from core import pages
from core.errors import Invalid
from core.i18n import N_, _, language

bp = Blueprint("channel_feeds", __name__)
BY_NAME = {name: feed for feed, name in FILE_NAME.items()}
NAMES = f"<any({', '.join(repr(name) for name in BY_NAME)}):name>"
CHUNK_CHARS = 65_536


@bp.get(f"/feeds/{NAMES}")
@public
@pages.reads("since")
def market(name: str) -> ResponseReturnValue:
    """Every listing of the whole market, as one channel wants it."""
    return _answer(BY_NAME[name], Scope())


@bp.get(f"/feeds/<slug>/{NAMES}")
@public
@pages.reads("since")
def cooperative(slug: str, name: str) -> ResponseReturnValue:
    """Every listing of one cooperative. Raises NotFound for one that does not sell."""
    return _answer(BY_NAME[name], queries.scope_of(slug))


def _answer(feed: Feed, scope: Scope) -> Response:
    """The whole file, or with ?since= what changed. Raises Invalid for a since that nobody gave out."""
    asked = request.args.get("since", "")
    since = since_of(asked)
    if asked and since is None:
        raise Invalid(
            N_("since=%(asked)s không đọc được."), asked=asked[:40], most=HOURS_MAX,
            remedy=N_("Dùng mốc trong dòng Link của lần lấy trước, hoặc số giờ như 48h, nhiều nhất %(most)sh."),
        )  # fmt: skip
    step = changes.step_now()  # before anything else: what is noted from here on is in the next answer too
    part = changes.changes(scope, since) if since else None
    tag = queries.version(feed, scope) + (f"-{part.stamp}" if part else "")
    if request.method == "HEAD":
        return _headed(Response(content_type=MEDIA_TYPE[feed]), tag, step)
    who = family(request.headers.get("User-Agent", ""))
    note(feed, scope.id, who)
    if request.if_none_match.contains_weak(tag):
        return _headed(Response(status=304), tag, step)
    title = f"Chợ Phiên: {scope.name}" if scope.name else "Chợ Phiên"
    home = current_app.config["BASE_URL"] + (f"/cooperatives/{scope.slug}" if scope.slug else "/")
    words = _("Dữ liệu minh hoạ") if current_app.config["DEMO"] else _("Hàng đang bán")
    found = changes.items_changed(part, feed) if part else queries.items(scope)
    text = _watched(write(feed, found, title, home, words), feed, scope.id, who)
    zipped = request.accept_encodings.quality("gzip") > 0
    body = _chunks(text, zipped)
    begun = next(body, b"")  # what fails at the start is answered as an error, not as half a file
    answer = Response(stream_with_context(chain((begun,), body)), content_type=MEDIA_TYPE[feed])
    if zipped:
        answer.headers["Content-Encoding"] = "gzip"
    return _headed(answer, tag, step)


def _watched(text: Iterable[str], feed: Feed, scope_id: int, who: Family) -> Iterator[str]:
    """The same text; where writing it fails, the manager's page will say so."""
    try:
        yield from text
    except Exception:
        note(feed, scope_id, who, failed=True)
        raise


def _headed(answer: Response, tag: str, step: int) -> Response:
    spoken = "" if language() == "vi" else f"&hl={language()}"
    following = f"{current_app.config['BASE_URL']}{request.path}?since=c{step}{spoken}"
    answer.headers["Link"] = f'<{following}>; rel="next"'
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.vary.add("Accept-Encoding")
    return answer


def _chunks(text: Iterable[str], zipped: bool) -> Iterator[bytes]:
    """The text as bytes in pieces of some 64 KB, gzipped where the reader takes it. The same text is the same bytes."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31) if zipped else None
    held: list[str] = []
    size = 0
    for piece in text:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK_CHARS:
            data = "".join(held).encode()
            yield packer.compress(data) if packer else data
            held, size = [], 0
    data = "".join(held).encode()
    yield packer.compress(data) + packer.flush() if packer else data


@bp.get("/manage/channels")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """Every door with its last word; then what each channel's file holds, what is left out and why, who fetched it."""
    mine = of_organisation(actor().organisation_id)
    return render_template(
        "channels/index.html",
        seller=mine,
        boards=board(mine.id, mine.slug),
        doors=doors(mine.id),
        brought=brought(mine.id),
    )


BLUEPRINTS = [bp]
LINKS = [
    Link(
        "channel_feeds.index",
        N_("Kênh bán hàng"),
        "next",
        N_("Shopee, Lazada, Sendo, Google, Facebook: nơi nào vướng, làm gì tiếp"),
        frozenset({Role.MANAGER}),
    )
]
