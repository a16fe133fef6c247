"""Commands that answer line by line: one JSON line out for each line in, whatever came in.

For operators and conformance runs. A blank, malformed or refused line is answered with {"ok": false, "error": …} and
the next one is read; the process ends well. Nothing here knows money: what a line means is the caller's business.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NoReturn

from flask.cli import AppGroup

LONGEST_LINE_BYTES = 1_000_000
BOM = b"\xef\xbb\xbf"  # what some editors put before the first line
WHOLE_MAX = 2**63 - 1  # what a column of the database holds


class JsonGroup(AppGroup):
    """Commands whose every answer is a line of JSON, also that the database lacks something (`app.commands`)."""


class Refused(ValueError):
    """A line that cannot be answered; the text says why, in plain English for the operator."""


def _no_constant(word: str) -> NoReturn:
    raise Refused(f"{word} is no number")


def _no_float(word: str) -> NoReturn:
    raise Refused(f"{word[:40]} is no whole number")


def _whole_up_to(most: int) -> Callable[[str], int]:
    longest = len(str(most)) + 1

    def whole(word: str) -> int:
        if len(word) > longest or abs(int(word)) > most:
            raise Refused(f"a number of {len(word)} characters is too large")
        return int(word)

    return whole


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"{key[:40]!r} stands there twice")
        found[key] = value
    return found


def read(line: bytes, *, most: int = WHOLE_MAX) -> dict[str, Any]:
    """One line as a JSON object whose numbers are whole and whose keys stand there once. Raises Refused.

    most: the largest number, whatever its sign; what is only reckoned with and never stored may be larger.

    >>> read(b'{"amount_vnd": 7}')
    {'amount_vnd': 7}
    """
    if len(line) > LONGEST_LINE_BYTES:
        raise Refused(f"a line has at most {LONGEST_LINE_BYTES} bytes")
    if not line.removeprefix(BOM).strip():
        raise Refused("the line is blank")
    try:
        found = json.loads(
            line.removeprefix(BOM).decode(), parse_constant=_no_constant, parse_float=_no_float,
            parse_int=_whole_up_to(most), object_pairs_hook=_no_repeats,
        )  # fmt: skip
    except Refused:
        raise
    except UnicodeDecodeError:
        raise Refused("the line is not UTF-8") from None
    except RecursionError:
        raise Refused("the line is nested too deeply") from None
    except ValueError as error:
        raise Refused(f"the line is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused("the line is not a JSON object")
    return found


def answers(lines: Iterable[bytes], answer: Callable[[bytes], dict[str, Any]]) -> Iterator[str]:
    """One line of JSON, in ASCII, for each line. `answer` raises Refused for what it cannot answer."""
    for line in lines:
        try:
            said = answer(line)
        except Refused as refused:
            said = {"ok": False, "error": str(refused)}
        yield json.dumps(said)


def serve(answer: Callable[[bytes], dict[str, Any]]) -> None:
    """Answer standard input on standard output, each line at once."""
    for said in answers(sys.stdin.buffer, answer):
        sys.stdout.write(said + "\n")
        sys.stdout.flush()
