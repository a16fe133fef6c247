"""What phones send, read from the fields of a request."""

import json

from werkzeug.datastructures import MultiDict

from core.errors import Invalid
from core.i18n import N_
from registry.phones.entries import Sent
from registry.phones.rules import BROUGHT, Kind

NOTE_MAX, ANSWERS_MAX = 2_000, 200_000  # a meeting of forty households with its words
LONGEST_S = 40 * 86_400  # what waited longer in a phone is said to have waited so long


def sent_from(fields: MultiDict[str, str]) -> Sent:
    """A phone's form. Raises Invalid for what no phone of ours sends."""
    try:
        answers = json.loads(fields.get("answers", "{}")[:ANSWERS_MAX])
        kind = Kind(fields.get("kind", ""))
    except ValueError as error:
        raise Invalid(N_("Bản này không đọc được."), remedy=N_("Mở ra xem lại rồi gửi.")) from error
    if not isinstance(answers, dict) or kind not in BROUGHT:
        raise Invalid(N_("Bản này không đọc được."), remedy=N_("Mở ra xem lại rồi gửi."))
    return Sent(
        kind=kind,
        base=fields.get("base", "")[:64],
        case=fields.get("case", "")[:64],
        answers={str(name): str(value) for name, value in answers.items()},
        done=fields.get("done", "1") == "1",
        witness=fields.get("witness", "").strip()[:200],
        goes_on=fields.get("goes_on", "yes") == "yes",
        note=fields.get("note", "").strip()[:NOTE_MAX],
        village=fields.get("village", "")[:200],
        ago_s=min(_whole(fields.get("ago_s", "")), LONGEST_S),
    )


def _whole(text: str) -> int:
    """A whole number of a phone's clock; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
