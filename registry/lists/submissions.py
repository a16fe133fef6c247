"""Submissions of ODK and Kobo, JSON or CSV, each once by its instanceID: a household and a draft it still confirms.

Written from general knowledge of the files of ODK Central (OData and CSV) and KoboToolbox (JSON and CSV), unverified:
neither server was reached. Names of groups before a question are passed over, whichever sign joins them.
"""

import csv
import json
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from accounts.rules import Actor
from core.db import transaction
from core.errors import DomainError, Invalid
from core.i18n import N_
from core.text import clean
from households.imports.operations import remember
from households.imports.queries import taken
from households.operations import PersonFacts, create_household
from households.roster.queries import living_in
from households.roster.rules import block
from registry import operations
from registry.questions import DUNNO, QUESTIONS

_IDS = ("instanceID", "__id", "_uuid", "KEY")
Record = Mapping[str, Any]


def read_submissions(data: bytes) -> list[dict[str, str]] | None:
    """The records of a file, flat, question → answer; None for a file that is something else. Raises Invalid."""
    head = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if head in (b"[", b"{"):
        return [_flat(one) for one in _json(data)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    first = text.partition("\n")[0]
    names = re.split(r"[,;\t]", first.replace('"', "").strip())
    if not {_last(name) for name in names} & set(_IDS):
        return None
    sign = max(",;\t", key=first.count)
    return [_flat(row) for row in csv.DictReader(StringIO(text), delimiter=sign)]


def _json(data: bytes) -> list[Any]:
    try:
        body = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid(
            N_("Tệp JSON này hỏng, không đọc được."), remedy=N_("Tải lại từ máy chủ của biểu.")
        ) from error
    if isinstance(body, dict):
        body = body.get("value", body.get("results", [body]))
    return body if isinstance(body, list) else [body]


def _last(name: str) -> str:
    return re.split(r"[/\-.]", name)[-1]


def _flat(one: Any) -> dict[str, str]:
    """Questions by their own name, groups opened; what is no object is an empty record, refused later."""
    found: dict[str, str] = {}
    for name, value in one.items() if isinstance(one, dict) else ():
        if isinstance(value, dict):
            found |= _flat(value)
        elif value is not None and not isinstance(value, list):
            found[_last(str(name))] = clean(str(value))[:500]
    return found


def instance_of(record: Record) -> str:
    """A submission's own name, '' where it has none; "uuid:" before it makes no difference."""
    return next((str(record[one]).removeprefix("uuid:") for one in _IDS if record.get(one)), "")


def take(actor: Actor, record: Record) -> dict[str, Any]:
    """Take one submission in, in a transaction of its own: what became of it, as one line of an answer.

    {"ok", "instance", "result": "added" | "known", "household", "declaration", "may_be_known"} or {"ok": false, …}.
    """
    instance = instance_of(record)
    try:
        with transaction():
            return _take(actor, instance, record)
    except DomainError as error:
        return {"ok": False, "instance": instance, "error": str(error)}


def _take(actor: Actor, instance: str, record: Record) -> dict[str, Any]:
    commune_id = actor.unit_id or 0
    if not instance:
        raise Invalid(N_("Bản gửi này không có instanceID."))
    if taken(commune_id, "form", [instance]):
        return {"ok": True, "instance": instance, "result": "known"}
    if record.get("agreed") != "yes":
        raise Invalid(N_("Nhà này chưa đồng ý kê khai."))
    village, year = record.get("village", ""), record.get("head_birth_year", "")
    if actor.village and village != actor.village:
        raise Invalid(N_("thôn này không phải thôn của bạn"))
    if year and not re.fullmatch(r"\d{4}", year):
        raise Invalid(N_("Viết bốn chữ số, ví dụ 1984. Không nhớ thì để trống."))
    head = PersonFacts(
        record.get("head_name", ""), birth_year=int(year) if year else None, phone=record.get("phone", "")
    )
    like = _like(commune_id, head, village)
    home = create_household(actor, commune_id, village, head)
    review = operations.start_for(actor, home.id, asked=True)
    for question in QUESTIONS:
        operations.answer(actor, review.key, question.id, record.get(question.id) or DUNNO)
    operations.finish(actor, review.key)
    remember(commune_id, "form", instance, home.id, None)
    return {
        "ok": True, "instance": instance, "result": "added", "household": home.key, "declaration": review.key,
        "may_be_known": like,
    }  # fmt: skip


def _like(commune_id: int, head: PersonFacts, village: str) -> bool:
    """Whether the commune has somebody of this name, year and village already: people look, nothing is merged."""
    mine = block(head.name, head.birth_year, village)
    return mine is not None and any(
        block(person.name, person.birth_year, home.village) == mine for person, home in living_in(commune_id)
    )
