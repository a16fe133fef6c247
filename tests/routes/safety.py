"""Who may open the register of breaches."""

from accounts.rules import Role
from tests.routes.row import Row

ADMIN = frozenset({Role.ADMINISTRATOR})


def _breach(world):  # type: ignore[no-untyped-def]
    return {"key": world.breach.key}


ROWS = [
    Row("safety.breaches", ADMIN, methods=("GET", "POST")),
    Row("safety.breach", ADMIN, own=_breach, methods=("GET", "POST")),
]
