"""A file that somebody sends in: a whole standard, or the points of one. Read outside the transaction."""

import json
from dataclasses import dataclass
from typing import Any

from accounts.rules import Actor
from core.errors import Invalid
from core.i18n import N_
from registry.standards import operations, queries
from registry.standards.models import StandardImport
from registry.standards.points import Fault, Points, read_points
from registry.standards.rules import Unusable

UPLOAD_MAX_BYTES = 1024 * 1024
SOURCE_MIN = 8


@dataclass(frozen=True)
class Parcel:
    """A file as it was read: a standard's text, or points with their faults."""

    standard_id: str
    text: str | None
    points: Points | None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with it, by cell or place."""
        return self.points.faults if self.points else ()


def open_parcel(standard_id: str, data: bytes) -> Parcel:
    """Read a file. Raises Invalid for one that is neither workbook nor JSON, is too heavy, or is for no standard."""
    if len(data) > UPLOAD_MAX_BYTES:
        raise Invalid(
            N_("Tệp nặng quá %(most)s MB."),
            remedy=N_("Bảng điểm chỉ có vài chục dòng."),
            field="file",
            most=1,
        )
    if _is_standard(data):
        return Parcel(standard_id, data.decode("utf-8-sig"), None)
    form = queries.form_of(standard_id)
    return Parcel(standard_id, None, read_points(data, form))


def _is_standard(data: bytes) -> bool:
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"{":
        return False
    try:
        raw: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False  # read_points says what is wrong with it
    return isinstance(raw, dict) and "schema" in raw


def propose(actor: Actor, parcel: Parcel, source: str) -> StandardImport:
    """Keep a parcel without faults for the second person. Raises Unusable for a faulty standard."""
    if len(source.strip()) < SOURCE_MIN:
        raise Invalid(
            N_("Viết văn bản nào có bảng này: số, ngày, phụ lục."),
            remedy=N_("Ví dụ: Thông tư 07/2021/TT-BLĐTBXH, Phụ lục III."),
            field="source",
        )
    if parcel.text is not None:
        return operations.propose_standard(actor, parcel.text, source.strip())
    points = parcel.points
    if points is None or points.table is None:
        raise Unusable([f"{one.at}: {one.why % dict(one.params)}" for one in parcel.faults])
    standard = queries.standard(parcel.standard_id)
    return operations.propose_points(actor, standard, points.table, points.limit, source.strip())


def receive(
    actor: Actor, standard_id: str, data: bytes, source: str
) -> tuple[StandardImport | None, tuple[Fault, ...]]:
    """Read and propose in one go, for the command line; nothing is kept of a file with faults."""
    parcel = open_parcel(standard_id, data)
    return (None, parcel.faults) if parcel.faults else (propose(actor, parcel, source), ())
