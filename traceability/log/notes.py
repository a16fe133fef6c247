"""C2SP signed notes, checkpoints and Ed25519 cosignatures, pure.

Sources: signed-note v1, tlog-checkpoint v1, tlog-cosignature v1.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from traceability.log.rules import HASH_BYTES

NOTE, COSIGNATURE = 0x01, 0x04  # signature types of the signed-note registry
SIGNATURE_BYTES, NOTE_BYTES_MAX, SIGNATURES_MAX = 64, 100_000, 64
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9]\d{0,19}")


class BadNote(ValueError):
    """A note, key or signature that is not what the specification asks; the text says what is wrong, in English."""


@dataclass(frozen=True)
class Verifier:
    """A public key under a name. kind: NOTE or COSIGNATURE."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """SHA-256(name ‖ newline ‖ type ‖ key), its first 4 bytes."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The text form: name+id+key."""
        return f"{self.name}+{self.key_id.hex()}+{_text(bytes([self.kind]) + self.public)}"


@dataclass(frozen=True)
class Signature:
    """One signature line, taken apart. `line` is as it stood, without its newline."""

    name: str
    key_id: bytes
    value: bytes
    line: str


@dataclass(frozen=True)
class Note:
    """A text and the signatures under it. Nothing is verified yet."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint's text says."""

    origin: str
    size: int
    root: bytes


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("not base64") from None


def parse_vkey(text: str) -> Verifier:
    """A verifier key from its text. Raises BadNote where it is malformed, of an unknown type, or its id is wrong."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
        raise BadNote("a verifier key is name+id+key")
    key = _bytes(parts[2])
    if len(key) != 33 or key[0] not in (NOTE, COSIGNATURE):
        raise BadNote("only Ed25519 keys of type 1 and 4 are known")
    found = Verifier(parts[0], key[0], key[1:])
    if found.key_id.hex() != parts[1].lower():
        raise BadNote("the key's id does not fit name and key")
    return found


def parse_note(raw: str) -> Note:
    """A note taken apart. Raises BadNote where it is not one."""
    if len(raw.encode()) > NOTE_BYTES_MAX or any(ord(one) < 32 and one != "\n" for one in raw):
        raise BadNote("a note is short text without control characters")
    text, empty, lines = raw.rpartition("\n\n")
    if not empty or not lines.endswith("\n"):
        raise BadNote("a note ends in signature lines after an empty line")
    signatures = tuple(parse_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > SIGNATURES_MAX:
        raise BadNote(f"a note has at most {SIGNATURES_MAX} signatures")
    return Note(text + "\n", signatures)


def parse_signature(line: str) -> Signature:
    """One line: em dash, name, base64 of key id and signature. Raises BadNote."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not _NAME.fullmatch(parts[1]):
        raise BadNote("a signature line is “— name signature”")
    value = _bytes(parts[2])
    if len(value) < 5:
        raise BadNote("a signature line without a signature")
    return Signature(parts[1], value[:4], value[4:], line)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text that is signed: origin, size and root, a line each."""
    return f"{origin}\n{size}\n{_text(root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """What a note's text says as a checkpoint. Raises BadNote."""
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1] or not _SIZE.fullmatch(lines[1]):
        raise BadNote("a checkpoint has an origin, a size and a root")
    root = _bytes(lines[2])
    if len(root) != HASH_BYTES:
        raise BadNote("a root has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The signature line under a text, without its newline."""
    who = Verifier(name, NOTE, key.public_key().public_bytes_raw())
    return f"— {name} {_text(who.key_id + key.sign(text.encode()))}"


def cosign(text: str, name: str, key: Ed25519PrivateKey, timestamp: int) -> str:
    """A witness's line under a checkpoint's text. timestamp: whole seconds since 1970."""
    who = Verifier(name, COSIGNATURE, key.public_key().public_bytes_raw())
    value = timestamp.to_bytes(8, "big") + key.sign(_cosigned(text, timestamp))
    return f"— {name} {_text(who.key_id + value)}"


def _cosigned(text: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def signed_by(text: str, signature: Signature, who: Verifier) -> bool:
    """Whether this line is this key's and its signature holds."""
    if (signature.name, signature.key_id) != (who.name, who.key_id):
        return False
    message, value = text.encode(), signature.value
    if who.kind == COSIGNATURE:
        message, value = _cosigned(text, timestamp_of(signature)), value[8:]
    if len(value) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(who.public).verify(value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def timestamp_of(signature: Signature) -> int:
    """When a cosignature says it was made: seconds since 1970."""
    return int.from_bytes(signature.value[:8], "big")


def verified(raw: str, known: Iterable[Verifier]) -> tuple[Note, tuple[Verifier, ...]]:
    """The note and which known keys signed it. A known key's wrong signature spoils the whole note: BadNote.

    Raises BadNote too where no known key signed. Signatures of unknown keys are ignored.
    """
    note = parse_note(raw)
    by_name = {(one.name, one.key_id): one for one in known}
    found = []
    for signature in note.signatures:
        who = by_name.get((signature.name, signature.key_id))
        if who is None:
            continue
        if not signed_by(note.text, signature, who):
            raise BadNote(f"the signature of {who.name} is wrong")
        found.append(who)
    if not found:
        raise BadNote("no known key signed it")
    return note, tuple(dict.fromkeys(found))
