"""Logs as one JSON object a line. No personal data: endpoint names instead of paths, ids instead of names."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

from flask import Flask, g
from flask.globals import request_ctx
from flask.wrappers import Response

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
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return ENCODER.encode(line)


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
