"""Fields encrypted at rest, and blind indexes to find them by. Keys come from configuration, never from code.

AES-256-GCM; the field's name and the row's owner are authenticated with the text, so that a value moved to another
row or column does not open. Each value names the key that sealed it: `FIELD_KEY` seals, `FIELD_KEYS_OLD` still open
what they sealed, until `flask keys rotate` has sealed it anew. Blind indexes have a key of their own (`INDEX_KEY`),
since an index under a new key would find nothing.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

_NAMELESS, _NAMED = (
    b"\x01",
    b"\x02",
)  # before keys had names, and since: version, key's name, nonce, sealed text
ID_BYTES, NONCE_BYTES = 4, 12


def _derive(master: bytes, purpose: str, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose.encode()).derive(master)


def _masters() -> dict[bytes, bytes]:
    """Every master key by its name, the one that seals first."""
    cache: dict[bytes, bytes] | None = current_app.extensions.get("field_masters")
    if cache is None:
        texts = (current_app.config["FIELD_KEY"], *current_app.config.get("FIELD_KEYS_OLD", ()))
        masters = [base64.b64decode(one) for one in texts]
        cache = {_derive(one, "name", ID_BYTES): one for one in masters}
        current_app.extensions["field_masters"] = cache
    return cache


def _key(purpose: str, key_id: bytes | None = None) -> bytes:
    """A key of its own for each purpose, derived from a master key, or for an index from the key of indexes."""
    cache: dict[tuple[str, bytes | None], bytes] = current_app.extensions.setdefault("field_keys", {})
    if (purpose, key_id) not in cache:
        if key_id is None:
            text = current_app.config.get("INDEX_KEY") or current_app.config["FIELD_KEY"]
            master = base64.b64decode(text)
        else:
            master = _masters()[key_id]
        cache[purpose, key_id] = _derive(master, purpose)
    return cache[purpose, key_id]


def forget_keys() -> None:
    """Read the keys anew from the configuration."""
    for name in ("field_masters", "field_keys"):
        current_app.extensions.pop(name, None)


def current_mark() -> bytes:
    """How a value begins that the key in force has sealed."""
    return _NAMED + next(iter(_masters()))


def encrypt(value: str, *, field: str, owner: str) -> bytes:
    """Encrypt `value` for one field ('review.answers') of one owner ('review:17')."""
    key_id, nonce = next(iter(_masters())), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(f"field:{field}", key_id)).encrypt(
        nonce, value.encode(), f"{field}|{owner}".encode()
    )
    return _NAMED + key_id + nonce + sealed


def decrypt(sealed: bytes, *, field: str, owner: str) -> str:
    """The reverse of `encrypt`. Raises cryptography's InvalidTag if anything was changed or moved, ValueError for a
    version or a key that is not known here.
    """
    version, rest = bytes(sealed[:1]), bytes(sealed[1:])
    if version == _NAMELESS:
        return _by_any(rest, field, owner)
    if version != _NAMED:
        raise ValueError(f"unknown encryption version in {field}")
    key_id, rest = rest[:ID_BYTES], rest[ID_BYTES:]
    if key_id not in _masters():
        raise ValueError(f"{field} was sealed under key {key_id.hex()}, which is not in FIELD_KEYS_OLD")
    return _open(rest, key_id, field, owner)


def _open(rest: bytes, key_id: bytes, field: str, owner: str) -> str:
    key = AESGCM(_key(f"field:{field}", key_id))
    return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], f"{field}|{owner}".encode()).decode()


def _by_any(rest: bytes, field: str, owner: str) -> str:
    """What was sealed before keys had names: the key that fits opens it."""
    *others, last = _masters()
    for key_id in others:
        try:
            return _open(rest, key_id, field, owner)
        except InvalidTag:
            continue
    return _open(rest, last, field, owner)


def keyed_hash(value: str, *, purpose: str) -> str:
    """A blind index: equal values give equal hashes, and nobody without the key can guess them. 64 hex digits."""
    return hmac.new(_key(f"index:{purpose}"), value.encode(), hashlib.sha256).hexdigest()
