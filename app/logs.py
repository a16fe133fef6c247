"""Logs as one JSON object a line. No personal data: endpoint names instead of paths, ids instead of names."""

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime

from flask import Flask, g
from flask.globals import request_ctx
from flask.wrappers import Response
from jinja2 import TemplateError
from sqlalchemy.exc import ProgrammingError

_STANDARD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "taskName"}


ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)  # `dumps` would make one for every line


class JsonLine(logging.Formatter):
    """One record as one JSON line, with what was passed as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
        }
        line |= {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = trace_of(record.exc_info[1])
        return ENCODER.encode(line)


# Errors whose words are of the program alone. A ValueError or a broken UNIQUE may repeat what a person typed.
SPEAKING = (ImportError, AttributeError, NameError, TemplateError, ProgrammingError)


def trace_of(error: BaseException) -> str:
    """Where an error arose, and of which kind; its words only where they cannot be a person's. What raised it first."""
    parts = [trace_of(before)] if (before := error.__cause__ or error.__context__) else []
    said = f": {error}" if isinstance(error, SPEAKING) else ""
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    kind = f"{type(error).__module__}.{type(error).__qualname__}{said}"
    frames = "".join(traceback.format_tb(error.__traceback__))
    return "\n".join([*parts, f"{frames}{kind}{f' ({code})' if code else ''}"])


ACCESS = logging.getLogger("access")
TALKATIVE = ("fontTools",)  # a line for each table of each font that a PDF or a card takes along


def _start() -> None:
    g.started = time.perf_counter()


def _access(response: Response) -> Response:
    now, asked = time.perf_counter(), request_ctx.request
    took = round((now - g.get("started", now)) * 1000, 1)
    ACCESS.info(
        "%s %s",
        asked.method,
        asked.endpoint or "-",
        extra={"status": response.status_code, "ms": took, "bytes": response.content_length},
    )
    return response


def configure(app: Flask) -> None:
    """Send everything to standard error as JSON lines; quiet under test."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.handlers[:] = [handler] if not app.testing else root.handlers
    root.setLevel(logging.WARNING if app.testing else logging.INFO)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # what no line of ours says need not be found out for each (Python's logging HOWTO, "Optimization")
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    if not app.testing:
        app.before_request(_start)
        app.after_request(_access)
