"""The printed serial (GS1 AI 21) that commits to a lot's history at packing. Pure: salt and counter are arguments."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from traceability.log.rules import HASH_BYTES, SALT_BYTES, root

SERIAL_BYTES = 10  # 80 bits: 16 letters of base 32, within the 20 of AI 21
COUNTER_MAX = 2**64 - 1


def history_root(leaves: Sequence[bytes]) -> bytes:
    """The RFC 6962 head over the leaf hashes of a lot's events, in the log's order: its history up to packing."""
    return root(leaves)


def serial(history: bytes, salt: bytes, counter: int) -> str:
    """The serial of one pack: base 32 of the first 80 bits of SHA-256(history ‖ salt ‖ counter as 8 bytes).

    history: the 32 bytes of `history_root`. salt: 32 random bytes, one for each lot, kept closed until it is audited.
    counter: which pack of the lot, from 0. Letters are A–Z and 2–7 only. Raises ValueError outside these.
    """
    if len(history) != HASH_BYTES or len(salt) != SALT_BYTES:
        raise ValueError(f"history and salt have {HASH_BYTES} bytes each")
    if not 0 <= counter <= COUNTER_MAX:
        raise ValueError("the counter has 64 bits")
    digest = hashlib.sha256(history + salt + counter.to_bytes(8, "big")).digest()
    return base64.b32encode(digest[:SERIAL_BYTES]).decode()


def commits(printed: str, history: bytes, salt: bytes, counter: int) -> bool:
    """Whether a printed serial is the one of this history, salt and counter."""
    return hmac.compare_digest(printed.strip().upper().encode(), serial(history, salt, counter).encode())
