"""Events, the lots they speak of, and the closed fields' values, which alone can be erased."""

from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref
from traceability.log.models import LogLeaf


@immutable
class EpcisEvent(Base):
    """One event. `document` is its final form: no name, producer, slip or weight of a family stands open in it."""

    __tablename__ = "epcis_event"
    __table_args__ = (sa.Index(None, "cooperative_id", "at"),)
    id: Mapped[Id]
    event_id: Mapped[str] = mapped_column(
        unique=True, comment="urn:uuid:…, random: a hash of small data can be guessed"
    )
    step: Mapped[str] = mapped_column(comment="our word for it: weighed, made, packed …")
    type: Mapped[str] = mapped_column(comment="ObjectEvent or TransformationEvent")
    at: Mapped[Instant] = mapped_column(comment="exact, even where the document says only the month")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    subject: Mapped[str] = mapped_column(
        index=True, default="", comment="the row it came from: slip:17, batch:3, lot:9"
    )
    document: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    hash: Mapped[str | None] = mapped_column(
        comment="CBV 2.0; never shown where fields are closed; none on rows older than it"
    )
    leaf_id: Mapped[int] = ref(f"{LogLeaf.__tablename__}.id", unique=True, index=False)


@immutable
class EventLot(Base):
    """Which lots an event speaks of."""

    __tablename__ = "event_lot"
    event_id: Mapped[int] = ref("epcis_event.id", index=False, primary_key=True)
    lot_id: Mapped[int] = ref("lot.id", primary_key=True)


class ClosedField(Base):
    """Salt and value behind one closed field. Deleting the row erases it for ever; log and event stay valid."""

    __tablename__ = "closed_field"
    __table_args__ = (sa.UniqueConstraint("event_id", "name"),)
    id: Mapped[Id]
    event_id: Mapped[int] = ref("epcis_event.id", index=False)
    name: Mapped[str]
    salt: Mapped[str] = mapped_column(sa.String(64), comment="32 random bytes in hex")
    value: Mapped[str] = mapped_column(comment="canonical JSON of the value")


import_module("traceability.epcis.exchange.models")  # the subpackage's tables belong to the same part
