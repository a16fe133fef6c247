"""Fields encrypted at rest, and blind indexes to find them by. Keys come from configuration, never from code.

AES-256-GCM; the field's name and the row's owner are authenticated with the text, so that a value moved to another
row or column does not open.
"""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

_VERSION = b"\x01"


def _key(purpose: str) -> bytes:
    """A key of its own for each purpose, derived from the configured master key."""
    cache: dict[str, bytes] = current_app.extensions.setdefault("field_keys", {})
    if purpose not in cache:
        master = base64.b64decode(current_app.config["FIELD_KEY"])
        cache[purpose] = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master)
    return cache[purpose]


def encrypt(value: str, *, field: str, owner: str) -> bytes:
    """Encrypt `value` for one field ('review.answers') of one owner ('review:17')."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key(f"field:{field}")).encrypt(nonce, value.encode(), f"{field}|{owner}".encode())
    return _VERSION + nonce + sealed


def decrypt(sealed: bytes, *, field: str, owner: str) -> str:
    """The reverse of `encrypt`. Raises cryptography's InvalidTag if anything was changed or moved."""
    if sealed[:1] != _VERSION:
        raise ValueError(f"unknown encryption version in {field}")
    return (
        AESGCM(_key(f"field:{field}"))
        .decrypt(sealed[1:13], sealed[13:], f"{field}|{owner}".encode())
        .decode()
    )


def keyed_hash(value: str, *, purpose: str) -> str:
    """A blind index: equal values give equal hashes, and nobody without the key can guess them. 64 hex digits."""
    return hmac.new(_key(f"index:{purpose}"), value.encode(), hashlib.sha256).hexdigest()
