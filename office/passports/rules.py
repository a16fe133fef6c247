"""Mappings as dated data, and a document made of them. Pure.

Neither the text of Circular 02/2024 nor that of the digital product passport was at hand: a mapping says of each field
whether it was read, and every document says that no system has accepted it yet (ADR 38).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.i18n import N_

DOCUMENT, VERSION = "chophien.passport", 1
NOTICE = N_("Chưa được hệ thống nào chấp nhận. Các trường chưa đối chiếu được nêu tên.")
KEYS = frozenset({
    "product.name", "product.image", "product.gtin", "product.gtin_restricted", "product.net", "product.ingredients",
    "product.warning", "product.brand", "producer.name", "producer.address", "producer.number", "producer.gln",
    "lot.code", "lot.made_on", "lot.expires_on", "trace.item", "trace.steps", "trace.back", "trace.forward",
    "trace.places", "papers.valid", "closed.slips", "closed.orders",
})  # fmt: skip
Value = str | bool | int | None | list[Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name there, where ours comes from, and whether its name was read in the text. closed: given only
    where the manager chooses."""

    name: str
    key: str
    label: str
    label_en: str
    required: bool
    verified: bool
    source: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class FieldSet:
    """The fields that somebody asks for, between days."""

    id: str
    title: str
    title_en: str
    from_on: date
    to_on: date | None
    source: str
    source_en: str
    fields: tuple[Field, ...]

    def unverified(self) -> list[str]:
        """The fields whose name or need was not read."""
        return [one.name for one in self.fields if not one.verified]


@dataclass(frozen=True, slots=True)
class Record:
    """One pack of a lot, or one pack of a product. missing: required fields that we cannot fill."""

    subject: str
    fields: Mapping[str, Value]
    missing: tuple[str, ...]


def parse(data: Mapping[str, Any]) -> FieldSet:
    """A mapping from its file. Raises ValueError naming what is wrong."""
    fields = tuple(
        Field(one["name"], one["from"], one["label"], one["label_en"], bool(one["required"]), bool(one["verified"]),
              one["source"], bool(one.get("closed", False)))
        for one in data["fields"]
    )  # fmt: skip
    strange = {one.key for one in fields} - KEYS
    if strange:
        raise ValueError(f"{data['id']}: nothing of ours is called {', '.join(sorted(strange))}")
    if unsourced := [one.name for one in fields if one.verified and not one.source]:
        raise ValueError(f"{data['id']}: verified without a source: {', '.join(unsourced)}")
    if opened := [one.name for one in fields if one.key.startswith("closed.") and not one.closed]:
        raise ValueError(f"{data['id']}: not marked closed: {', '.join(opened)}")
    return FieldSet(
        data["id"], data["title"], data["title_en"], date.fromisoformat(data["from_on"]),
        date.fromisoformat(data["to_on"]) if data["to_on"] else None, data["source"], data["source_en"], fields,
    )  # fmt: skip


def chosen(asked: FieldSet, *, lot: bool, closed: bool) -> list[Field]:
    """The fields of a document: of a product without those of a lot; closed ones only where they were chosen."""
    return [
        one for one in asked.fields
        if (closed or not one.closed) and (lot or not one.key.startswith(("lot.", "closed.")))
    ]  # fmt: skip


def record(subject: str, fields: Iterable[Field], known: Mapping[str, Value]) -> Record:
    """One row of a document."""
    listed = list(fields)
    values = {one.name: known.get(one.key) for one in listed}
    lacking = tuple(one.name for one in listed if one.required and values[one.name] in (None, "", []))
    return Record(subject, values, lacking)


def document(
    asked: FieldSet, records: Iterable[Record], made_at: datetime, *, closed: bool, demo: bool
) -> dict[str, Any]:
    """The document as JSON takes it. Its fields stand in `data/schema.json`."""
    return {
        "document": DOCUMENT, "version": VERSION, "accepted_by": None, "notice": NOTICE, "demo": demo,
        "made_at": made_at.isoformat(), "closed_fields": closed,
        "mapping": {"id": asked.id, "title": asked.title, "from_on": asked.from_on.isoformat(), "source": asked.source,
                    "unverified_fields": asked.unverified()},
        "records": [{"subject": one.subject, "fields": dict(one.fields), "missing": list(one.missing)}
                    for one in records],
    }  # fmt: skip


def flat(value: Value) -> str:
    """A value in one cell: lists with semicolons, their parts with commas; nothing for what is not known.

    >>> flat([{"name": "OCOP", "number": "12"}, "xã Côn Minh"]), flat(None), flat(True)
    ('OCOP, 12; xã Côn Minh', '', '1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return "; ".join(map(_part, value))
    return str(value)


def _part(one: Any) -> str:
    if isinstance(one, dict):
        return ", ".join(str(part) for part in one.values() if part not in (None, ""))
    return str(one)
