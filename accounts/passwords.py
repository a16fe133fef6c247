"""Argon2id at a cost an old server bears: 19 MiB, two rounds, about 28 ms (OWASP's minimum)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _nobody() -> str:
    """Made when somebody first signs in: no web process waits for it at its start."""
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to store. Call it outside a transaction."""
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits. Takes the same time when there is no such person. Call it outside a transaction."""
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
