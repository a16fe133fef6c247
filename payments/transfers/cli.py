"""`flask payments vietqr encode` and `decode`: lines in, one JSON line out for each, whatever comes."""

from dataclasses import asdict
from typing import Any

from flask.cli import AppGroup

from core.errors import Invalid
from core.lines import BOM, Refused, read, serve
from payments.providers.vietqr import Reading, build, inspect

vietqr = AppGroup("vietqr", help="VietQR payloads, written and read.")


def decoded(line: bytes) -> dict[str, Any]:
    """A payload's reading; where it must not be paid, the faults stand in `error` as well.

    Only the line's end is taken off: a payload may hold any other character.
    """
    try:
        text = line.removeprefix(BOM).rstrip(b"\r\n").decode()
        said = asdict(inspect(text) if text.strip() else Reading(False, faults=("the line is blank",)))
    except UnicodeDecodeError:
        said = asdict(Reading(False, faults=("the line is not UTF-8",)))
    return said if said["ok"] else said | {"error": "; ".join(said["faults"])}


def encoded(line: bytes) -> dict[str, Any]:
    """The payload of {"bin", "account", "amount_vnd", "purpose"}. Raises Refused."""
    asked = read(line)
    amount, purpose = asked.get("amount_vnd"), asked.get("purpose")
    if not isinstance(asked.get("bin"), str) or not isinstance(asked.get("account"), str):
        raise Refused("bin and account must be texts")
    if amount is not None and (isinstance(amount, bool) or not isinstance(amount, int)):
        raise Refused("amount_vnd must be a whole number or null")
    if purpose is not None and not isinstance(purpose, str):
        raise Refused("purpose must be a text")
    try:
        return {"payload": build(asked["bin"], asked["account"], amount_vnd=amount, purpose=purpose or "")}
    except Invalid as error:
        raise Refused(f"{error.field}: {error}") from error


@vietqr.command("encode")
def encode() -> None:
    """A JSON object a line → {"payload"}; a line that cannot be encoded says why."""
    serve(encoded)


@vietqr.command("decode")
def decode() -> None:
    """A payload a line → what any EMV QR says: ok, bin, account, service, amount_vnd, purpose, faults."""
    serve(decoded)
