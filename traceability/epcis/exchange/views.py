"""The REST interface of EPCIS 2.0 under /epcis/: anybody reads what is public, a key of a cooperative writes.

Source: GS1's OpenAPI description of the REST bindings. Not offered: subscriptions, XML, translation of identifiers.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from core import clock
from core.db import transaction
from core.guard import public
from traceability.epcis.checking import check_document
from traceability.epcis.exchange import answers, operations, queries
from traceability.epcis.exchange.answers import Problem, answer, body, collection, missing, must_write, refuse
from traceability.epcis.exchange.models import EpcisCapture
from traceability.epcis.exchange.rules import (
    CAPTURE_EVENTS_MAX,
    BadQuery,
    Writer,
    is_term,
    page_of,
    page_token,
    parameters_of,
    wanted,
)
from traceability.epcis.hashing import Unhashable, events_of
from traceability.epcis.identifiers import canonical
from traceability.epcis.vocabulary import BIZ_STEPS, CBV, DISPOSITIONS, EVENT_TYPES, spelled_out

bp = Blueprint("epcis", __name__, url_prefix="/epcis")
_NOT_ASKED = frozenset({"perPage", "nextPageToken", "hl"})
_EPCS = ("epc", "parentID", "inputEPC", "outputEPC", "epcClass", "inputEPCClass", "outputEPCClass")
_TOP = [
    "events",
    "eventTypes",
    "epcs",
    "bizSteps",
    "bizLocations",
    "readPoints",
    "dispositions",
    "capture",
    "queries",
]
_HAS = {"bizSteps": ("bizStep",), "dispositions": ("disposition",), "readPoints": ("readPoint",),
        "bizLocations": ("bizLocation",), "epcs": _EPCS}  # fmt: skip
_ASKED = {"bizSteps": "EQ_bizStep", "dispositions": "EQ_disposition", "readPoints": "EQ_readPoint",
          "bizLocations": "EQ_bizLocation", "eventTypes": "eventType"}  # fmt: skip


@bp.errorhandler(Problem)
def _refused(error: Problem) -> Response:
    return answers.refused(error)


@bp.errorhandler(BadQuery)
def _bad_query(error: BadQuery) -> Response:
    return answers.refused(
        Problem("QueryParameterException", "The query cannot be answered", 400, str(error))
    )


@bp.errorhandler(queries.TooMany)
def _too_many(_error: queries.TooMany) -> Response:
    return answers.refused(Problem("QueryTooLargeException", "More events than maxEventCount", 413))


@bp.before_request
def _discovery() -> Response | None:
    """OPTIONS is answered for every path alike; else what cannot be answered is refused first."""
    if request.method != "OPTIONS":
        answers.check_request()
        return None
    allowed = (
        ", ".join(sorted((request.url_rule.methods or set()) - {"HEAD"}))
        if request.url_rule
        else "OPTIONS, GET"
    )
    writes = answers.LIMITS if request.path.rstrip("/").endswith("/capture") else {}
    return Response(status=204, headers=answers.HEADERS | answers.DISCOVERY | writes | {"Allow": allowed})


# ---- reading ----


@bp.route("/", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def top() -> Response:
    """What there is."""
    return collection(_TOP)


def _asked() -> dict[str, str]:
    return {name: "|".join(request.args.getlist(name)) for name in request.args if name not in _NOT_ASKED}


def _events(parameters: dict[str, str], who: Writer | None, name: str = "SimpleEventQuery",
            size: int | None = None) -> Response:  # fmt: skip
    """A page of events for these parameters."""
    want = wanted(parameters)
    per_page, token, given = size or answers.per_page(), request.args.get("nextPageToken"), 0
    after = None
    if token is not None:
        at, place, given = page_of(token)
        after = (at, place)
    if want.limit is not None:
        per_page = max(min(per_page, want.limit - given), 0)
        if not per_page:
            return answers.query_document([], name)
    found = queries.events(want, who, per_page, after)
    given += len(found.documents)
    more = found.following is not None and (want.limit is None or given < want.limit)
    headers = answers.following(page_token(*found.following, given)) if more and found.following else {}
    return answers.query_document(found.documents, name, headers)


@bp.route("/events", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def events() -> Response:
    """Events by the standard's parameters, a page at a time."""
    return _events(_asked(), answers.writer())


@bp.route(
    "/events/<path:event_id>",
    methods=["GET", "OPTIONS"],
    provide_automatic_options=False,
    merge_slashes=False,
)
@public
def event(event_id: str) -> Response:
    """One event by its ID; with it the copy that declares it an error, if there is one."""
    if event_id.startswith("ni:///") and request.query_string:  # an ID by hash holds a question mark
        event_id = f"{event_id}?{request.query_string.decode('ascii', 'replace')}"
    found = queries.events(wanted({"EQ_eventID": event_id}), answers.writer(), 10)
    if not found.documents:
        missing("event of this ID")
    return answers.query_document(found.documents)


@bp.route("/eventTypes", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def event_types() -> Response:
    """The five types of the standard."""
    return collection(EVENT_TYPES)


def _words(noun: str) -> Response:
    """Values in use, in their order; bare words where the standard has one."""
    who, per_page = answers.writer(), answers.per_page()
    token = request.args.get("nextPageToken")
    after = page_of(token)[1] if token is not None else ""
    found = queries.words(_HAS[noun], who, per_page, after)
    shown = found[:per_page]
    more = len(found) > per_page
    headers = answers.following(page_token(clock.now(), shown[-1], len(shown))) if more else {}
    return collection([_bare(one) for one in shown], headers)


def _bare(value: str) -> str:
    for stem, words in ((CBV + "BizStep-", BIZ_STEPS), (CBV + "Disp-", DISPOSITIONS)):
        if value.startswith(stem) and value.removeprefix(stem) in words:
            return value.removeprefix(stem)
    return value


def _sub(noun: str, path: str) -> Response:
    """What lies under one value: its events, or that it has events."""
    who = answers.writer()
    value, slash, last = path.rpartition("/")
    asks = bool(slash) and last == "events" and bool(value)
    value = value if asks else path
    known = (
        value in EVENT_TYPES
        if noun == "eventTypes"
        else queries.is_used(_HAS[noun], _spelled(noun, value), who)
    )
    if not known:
        missing(f"{value[:80]} among the {noun}")
    if not asks:
        return collection(["events"])
    asked = _asked()
    if noun == "epcs":
        spelled = queries.events_with(_spelled(noun, value), who, wanted(asked), answers.per_page(), _after())
        following = spelled.following
        headers = answers.following(page_token(*following, len(spelled.documents))) if following else {}
        return answers.query_document(spelled.documents, headers=headers)
    return _events(asked | {_ASKED[noun]: value}, who)


def _after() -> Any:
    token = request.args.get("nextPageToken")
    return page_of(token)[:2] if token is not None else None


def _spelled(noun: str, value: str) -> str:
    field = _HAS[noun][0]
    if not is_term(field, value):
        raise BadQuery("neither a word of the vocabulary nor a URI")
    return canonical(spelled_out(field, value))


def _noun(noun: str) -> None:
    """The paths of one kind of value: the collection, one member, its events."""

    def listed() -> Response:
        return _words(noun)

    def under(path: str) -> Response:
        return _sub(noun, path)

    options: dict[str, Any] = {"methods": ["GET", "OPTIONS"], "provide_automatic_options": False}
    if noun in _HAS:
        bp.add_url_rule(f"/{noun}", noun, public(listed), **options)
    bp.add_url_rule(f"/{noun}/<path:path>", f"{noun}_under", public(under), merge_slashes=False, **options)


for _one in ("eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions"):
    _noun(_one)


# ---- capture ----


def _job(row: EpcisCapture) -> dict[str, object]:
    def shown(at: Any) -> str:
        return str(at.isoformat(timespec="milliseconds")).replace("+00:00", "Z")

    return {
        "captureID": row.capture_id, "createdAt": shown(row.created_at), "finishedAt": shown(row.finished_at),
        "running": False, "success": row.success, "captureErrorBehaviour": row.error_behaviour, "errors": row.errors,
    }  # fmt: skip


def _received(document: Any) -> tuple[Sequence[Any], object]:
    """Events and context of a document whose envelope is good. 400 for one that is not, 413 for too many."""
    if not isinstance(document, dict) or document.get("type") not in ("EPCISDocument", "EPCISQueryDocument"):
        refuse("ValidationException", "Send an EPCISDocument", 400)
    try:
        found = events_of(document)
    except Unhashable as error:
        refuse("ValidationException", "The document was refused", 400, str(error))
    at = "/epcisBody"
    faults = [fault for fault in check_document(document) if not _of_event(fault.at, at)]
    if faults:
        refuse("ValidationException", "The document was refused", 400,
               "; ".join(f"{fault.at or '/'}: {fault.why}" for fault in faults[:5]))  # fmt: skip
    if len(found) > CAPTURE_EVENTS_MAX:
        refuse("CaptureLimitExceededException", "Too many events in one document", 413)
    return found, document.get("@context")


def _of_event(at: str, body_at: str) -> bool:
    return at.startswith(body_at) and "/eventList/" in at


@bp.route("/capture", methods=["POST"])
@public
def capture() -> Response:
    """Take events in. 202 and the job's address; the job says what became of each."""
    who = must_write()
    found, context = _received(body())
    behaviour = request.headers.get("GS1-Capture-Error-Behaviour", "rollback")
    if behaviour not in ("rollback", "proceed"):
        refuse("ValidationException", "GS1-Capture-Error-Behaviour is rollback or proceed", 400)
    with transaction():
        job = operations.capture(who, found, context, behaviour=behaviour)
        capture_id = job.capture_id
    return Response(status=202, headers=answers.HEADERS | {"Location": f"/epcis/capture/{capture_id}"})


@bp.route("/capture", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def jobs() -> Response:
    """One's own capture jobs, newest first."""
    who, per_page = must_write(), answers.per_page()
    token = request.args.get("nextPageToken")
    given = page_of(token)[2] if token is not None else 0
    found = queries.jobs_of(who, per_page + 1, given)
    more = len(found) > per_page
    headers = answers.following(page_token(clock.now(), "", given + per_page)) if more else {}
    shown = answer([_job(row) for row in found[:per_page]])
    shown.headers.update(headers)
    return shown


@bp.route("/capture/<capture_id>", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def job(capture_id: str) -> Response:
    """One capture job."""
    row = queries.job_of(must_write(), capture_id)
    if row is None:
        missing("capture job of this ID")
    return answer(_job(row))


@bp.route("/events", methods=["POST"])
@public
def add_event() -> Response:
    """Take one event in: 201, the event with its ID, and where it is."""
    who, sent = must_write(), body()
    faults = check_document(sent) if isinstance(sent, dict) else []
    if not isinstance(sent, dict) or faults or sent.get("type") in ("EPCISDocument", "EPCISQueryDocument"):
        refuse("ValidationException", "The event was refused", 400,
               "; ".join(f"{fault.at or '/'}: {fault.why}" for fault in faults[:5]) or "send one event")  # fmt: skip
    with transaction():
        job = operations.capture(who, [sent], None)
        ok = job.success
        event_id, document = queries.captured_by(job.id) or (str(sent.get("eventID")), sent)
    if not ok:
        refuse("ResourceAlreadyExistsException", "Another event is known by this ID", 409)
    return answer(document, 201, Location=f"/epcis/events/{quote(event_id, safe='')}")


# ---- named queries ----


@bp.route("/queries", methods=["POST"])
@public
def add_query() -> Response:
    """Keep a query under a name."""
    who, sent = must_write(), body()
    name = sent.get("name") if isinstance(sent, dict) else None
    if not isinstance(name, str) or not 0 < len(name) <= 80 or "/" in name:
        refuse("QueryValidationException", "A query has a name of at most 80 characters without a slash", 400)
    with transaction():
        row = operations.name_query(who, name, sent.get("query"))
    if row is None:
        refuse("ResourceAlreadyExistsException", "Another query has this name", 409)
    return Response(
        status=201, headers=answers.HEADERS | {"Location": f"/epcis/queries/{quote(name, safe='')}"}
    )


def _query(name: str, definition: dict[str, object]) -> dict[str, object]:
    return {"name": name, "query": {one: str(text).split("|") for one, text in definition.items()}}


@bp.route("/queries", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def named_queries() -> Response:
    """One's own named queries."""
    return answer([_query(row.name, row.definition) for row in queries.named(must_write())])


@bp.route("/queries/<name>", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def named_query(name: str) -> Response:
    """One named query, in a list, as the description has it."""
    rows = queries.named(must_write(), name)
    if not rows:
        missing("query of this name")
    return answer([_query(row.name, row.definition) for row in rows])


@bp.route("/queries/<name>", methods=["DELETE"])
@public
def forget_query(name: str) -> Response:
    """Forget a named query."""
    with transaction():
        gone = operations.drop_query(must_write(), name)
    if not gone:
        missing("query of this name")
    return Response(status=204, headers=answers.HEADERS)


@bp.route("/queries/<name>/events", methods=["GET", "OPTIONS"], provide_automatic_options=False)
@public
def named_events(name: str) -> Response:
    """What a named query finds now."""
    who = must_write()
    rows = queries.named(who, name)
    if not rows:
        missing("query of this name")
    kept = parameters_of(rows[0].definition)
    size = kept.pop("perPage", None)
    return _events(
        kept, who, name, int(size) if size and size.isdigit() and "perPage" not in request.args else None
    )


@bp.route("/nextPageToken/<token>", methods=["DELETE"])
@public
def forget_token(token: str) -> Response:
    """Tokens hold no state here, so none can be taken back."""
    refuse("ImplementationException", "Tokens are not kept here and lapse by themselves", 501)


BLUEPRINTS = [bp]
CSRF_EXEMPT = [capture, add_event, add_query, forget_query, forget_token]
