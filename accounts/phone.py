"""How a phone knows the person who signed in on it, and the key that seals what waits in it (ADR 10)."""

from typing import Any

from accounts.rules import Actor
from core.crypto import keyed_hash


def person_of(user_id: int) -> str:
    """The name under which a phone knows a person: says nothing, and is the same on every phone."""
    return keyed_hash(str(user_id), purpose="phone person")[:24]


def passport(actor: Actor) -> dict[str, Any]:
    """Who works on this phone now, for which organisation, and the key that seals what waits in it.

    key: 64 hex digits, the same at each sign-in of the person; without it a draft left in the phone is noise.
    """
    return {
        "who": person_of(actor.user_id or 0),
        "house": keyed_hash(str(actor.organisation_id), purpose="phone house")[:24],
        "key": keyed_hash(str(actor.user_id), purpose="phone key"),
    }
