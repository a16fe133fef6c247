"""Every route says who may open it; a route that says nothing is refused. `accounts.access` adds roles to these marks.

`public`    anybody; no session is read, no cookie set: such pages can be cached.
`visitor`   anybody, with a session or a cart cookie.
`signed_in` any person who signed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """The guard of one route. kind: public, visitor, signed_in or roles."""

    kind: str
    roles: frozenset[str] = frozenset()


def mark(access: Access) -> Callable[[View], View]:
    """A decorator that writes the guard onto a view."""

    def decorate(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return decorate


public = mark(Access("public"))
visitor = mark(Access("visitor"))
signed_in = mark(Access("signed_in"))
