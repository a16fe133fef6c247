"""What anybody may take home of a lot: its evidence. No person, slip or open value of a closed field is in it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class EvidenceEvent:
    """One event with the proof that the log holds it.

    document: the canonical JSON that the leaf covers, as text. salt: of the leaf, hex; first: whether the leaf was made
    the older way. index and path: the inclusion proof, hashes in hex, deepest first.
    """

    document: str
    salt: str
    first: bool
    index: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A certificate as its page shows it; days in ISO form."""

    kind: str
    number: str
    issuer: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class PrintedSerial:
    """A label's serial opened: it is the first 80 bits of SHA-256 over history, salt and counter, in base 32.

    leaf_count: the history is the root over so many of the lot's first leaves. salt and history: hex.
    """

    serial: str
    salt: str
    counter: int
    leaf_count: int
    history: str


@dataclass(frozen=True)
class Evidence:
    """Everything needed to check a lot without us. waiting: events that the last checkpoint does not cover yet.

    checkpoint: the signed note with its countersignatures. keys: the log's verifier keys. photos: SHA-256 of the
    product's photos as served, hex, the first 160 bits. papers: the sealed rows of the certificates, with their proofs.
    label: of the one label that was asked for by its serial; None without one.
    """

    gtin: str
    lot: str
    product: str
    seller: str
    made_on: str
    expires_on: str
    origin: str
    checkpoint: str
    keys: tuple[str, ...]
    witnesses: tuple[str, ...]
    quorum: int
    events: tuple[EvidenceEvent, ...]
    waiting: int
    certificates: tuple[Paper, ...]
    papers: tuple[EvidenceEvent, ...]
    photos: tuple[str, ...]
    label: PrintedSerial | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)
