"""Whether a webhook is its shop's: the SDK checks the detached signature, under RS256 and nothing else.

The shop's public keys are kept in its row. A key that is not among them makes us ask the shop once, and not again for
half a minute: a stranger cannot make us call it at will.
"""

import json
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from channels.saleor.client import ShopDown, fetch_keys
from channels.saleor.models import SaleorInstance
from channels.saleor.rules import KEYS_EVERY, keys_address
from core import clock
from core.db import db, transaction

if TYPE_CHECKING:
    from jwt.api_jwk import PyJWKSet

ALGORITHM = "RS256"


def proves(instance: SaleorInstance, signature: str, body: bytes) -> bool:
    """Whether a shop signed these bytes. Outside any transaction: the keys may have to be fetched."""
    kid = _kid(signature)
    if kid is None:
        return False
    keys = _key_set(instance.jwks)
    if (keys is None or kid not in _kids(keys)) and _may_ask(instance):
        keys = _key_set(refresh_keys(instance.id, instance.api_url) or "")
    return keys is not None and kid in _kids(keys) and _signed(signature, keys, body)


def _kid(signature: str) -> str | None:
    """The key that a signature names; None for another algorithm, or for what is no signature."""
    from jwt.exceptions import PyJWTError
    from saleor_sdk.crypto.utils import get_unverified_header

    try:
        header: dict[str, Any] = get_unverified_header(signature)
    except PyJWTError:
        return None
    kid = header.get("kid")
    return kid if header.get("alg") == ALGORITHM and isinstance(kid, str) else None


def _signed(signature: str, keys: "PyJWKSet", body: bytes) -> bool:
    from jwt.exceptions import PyJWTError
    from saleor_sdk.crypto.exceptions import CryptoException
    from saleor_sdk.crypto.utils import decode_webook_payload

    try:
        decode_webook_payload(signature, keys, body)
    except (PyJWTError, CryptoException):
        return False
    return True


@lru_cache(maxsize=16)
def _key_set(text: str) -> "PyJWKSet | None":
    """The RSA keys in a published set that are for RS256; None where it is none."""
    from jwt.api_jwk import PyJWKSet
    from jwt.exceptions import PyJWTError

    try:
        found = json.loads(text)
        rows = [
            one | {"alg": ALGORITHM} for one in found["keys"]
            if one.get("kty") == "RSA" and one.get("alg") in (None, ALGORITHM) and one.get("use") in (None, "sig")
        ]  # fmt: skip
        return PyJWKSet.from_dict({"keys": rows})
    except (ValueError, TypeError, KeyError, AttributeError, PyJWTError):
        return None


def _kids(keys: "PyJWKSet") -> set[str]:
    return {one.key_id for one in keys.keys if one.key_id}


def _may_ask(instance: SaleorInstance) -> bool:
    return instance.jwks_at is None or clock.now() - instance.jwks_at >= KEYS_EVERY


def refresh_keys(instance_id: int, api_url: str) -> str | None:
    """Ask a shop for its keys and keep them; None where it does not answer, or others asked a moment ago.

    The turn is taken first, in the row: of many strangers at once one makes us ask.
    """
    db.session.rollback()
    stale = clock.now() - KEYS_EVERY + timedelta(microseconds=1)
    with transaction():
        taken = db.session.execute(
            update(SaleorInstance)
            .where(SaleorInstance.id == instance_id)
            .where(SaleorInstance.jwks_at.is_(None) | (SaleorInstance.jwks_at < stale))
            .values(jwks_at=clock.now())
        )
    if not taken.rowcount:  # type: ignore[attr-defined]
        return None
    try:
        text = fetch_keys(keys_address(api_url))
    except ShopDown:
        return None
    if _key_set(text) is None:
        return None
    with transaction():
        db.session.execute(update(SaleorInstance).where(SaleorInstance.id == instance_id).values(jwks=text))
    return text
