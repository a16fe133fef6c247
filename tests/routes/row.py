"""One row of the access matrix: who may open a route, with which parameters, and with whose objects it is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.rules import Role

ANYBODY = "anybody"
SIGNED_IN = "signed in"
Params = Callable[[Any], dict[str, Any]]


def nothing(_world: Any) -> dict[str, Any]:
    """A route without parameters."""
    return {}


@dataclass(frozen=True)
class Row:
    """A route.

    who: ANYBODY, SIGNED_IN, or the roles that may. own: parameters of an object the allowed person may open, made from
    the world (see tests/world.py). foreign: parameters of somebody else's object, refused with 404 or 403 to everybody;
    None where the route has no object. post: form data for an accepted POST, None for routes that are only read.
    page: whether a GET answers HTML that the site guards should read. covers: methods, for the matrix.
    """

    endpoint: str
    who: str | frozenset[Role]
    own: Params = nothing
    foreign: Params | None = None
    post: Params | None = None
    page: bool = True
    methods: tuple[str, ...] = field(default=("GET",))
