"""`flask gs1 …`: GS1's syntax."""

from typing import Any

from flask.cli import AppGroup

from core.lines import Refused, serve
from traceability.gs1.syntax.rules import check, digital_link, element_string

gs1 = AppGroup("gs1", help="GS1 element strings and Digital Link addresses.")


def check_line(line: bytes) -> dict[str, Any]:
    """What one line says, or each fault with its place. Raises Refused for a blank line and for no UTF-8."""
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Refused("the line is not UTF-8") from error
    if not text.strip():
        raise Refused("the line is blank")
    reading = check(text)
    return {
        "ok": reading.ok,
        "elements": [[one.ai, one.value] for one in reading.elements],
        "element_string": element_string(reading) if reading.ok else None,
        "uri": digital_link(reading.elements) if reading.ok else None,
        "faults": [{"ai": one.ai, "at": one.at, "why": one.why} for one in reading.faults],
    }


@gs1.command("check")
def check_lines() -> None:
    """Read a Digital Link address or an element string in brackets a line, and check it as GS1's dictionary asks.

    Each answer: {"ok", "elements", "element_string", "uri", "faults": [{"ai", "at", "why"}]}; `at` counts from 0.
    """
    serve(check_line)
