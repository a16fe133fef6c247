"""The log's private key: a setting in production; in a demonstration a file, made at the first signing."""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from core.errors import Invalid
from core.i18n import N_
from traceability.log.notes import NOTE, Verifier, parse_vkey

FILE = "log-key"


def origin() -> str:
    """The log's name in every checkpoint: its address without the scheme, unless LOG_ORIGIN says otherwise."""
    return str(current_app.config["LOG_ORIGIN"])


def private_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints. Raises Invalid in production without LOG_KEY."""
    seed = str(current_app.config["LOG_KEY"])
    if not seed:
        if not current_app.config["DEMO"]:
            raise Invalid(
                N_("Chưa đặt LOG_KEY nên nhật ký không ký được."), remedy=N_("Đặt LOG_KEY rồi chạy lại.")
            )
        seed = _demo_seed(Path(str(current_app.config["INSTANCE_DIR"])) / FILE)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))


def verifier() -> Verifier:
    """The public part of the key that signs now."""
    return Verifier(origin(), NOTE, private_key().public_key().public_bytes_raw())


def _demo_seed(path: Path) -> str:
    """The seed in the file; of two processes that make it at once, one's is kept."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{FILE}.{secrets.token_hex(6)}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        with suppress(FileExistsError):  # another process was first; its key counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()


def witnesses() -> tuple[Verifier, ...]:
    """The witnesses whose countersignatures are collected: LOG_WITNESSES. Raises BadNote for a malformed key."""
    return tuple(parse_vkey(one) for one in str(current_app.config["LOG_WITNESSES"]).split())


def quorum() -> int:
    """How many of them a checkpoint needs before we call it countersigned: LOG_WITNESS_QUORUM; 0 by default."""
    return int(current_app.config["LOG_WITNESS_QUORUM"])


def text64(value: bytes) -> str:
    """Standard base64."""
    return base64.b64encode(value).decode()
