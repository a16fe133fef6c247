"""Every route says who may open it; a route that says nothing is refused.

`public`   anybody, no session is read, no cookie set: such pages can be cached.
`visitor`  anybody, with a session or a cart cookie.
`signed_in` any person who signed in.   `roles(...)` a person who wears one of these roles now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, g
from flask_login import current_user

from accounts.rules import Actor, Role
from core.errors import NotAllowed
from core.i18n import N_

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """The guard of one route."""

    kind: str
    roles: frozenset[Role] = frozenset()


def _mark(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return decorate


public = _mark(Access("public"))
visitor = _mark(Access("visitor"))
signed_in = _mark(Access("signed_in"))


def roles(*allowed: Role) -> Callable[[View], View]:
    """Only people who wear one of these roles now."""
    return _mark(Access("roles", frozenset(allowed)))


def access_of(endpoint: str) -> Access | None:
    """The guard that a route declared."""
    return getattr(current_app.view_functions.get(endpoint), "access", None)


def actor() -> Actor:
    """The signed-in person in the role worn now. Raises NotAllowed when nobody is signed in."""
    if not current_user.is_authenticated:
        raise NotAllowed(N_("Chưa đăng nhập."), remedy=N_("Đăng nhập rồi làm lại."))
    if "actor" not in g:
        from accounts.queries import worn_actor

        g.actor = worn_actor(current_user)
    return g.actor  # type: ignore[no-any-return]


def require(access: Access | None) -> bool:
    """Whether the request may go on; False asks to sign in. Raises NotAllowed in the wrong role or for no rule."""
    if access is None:
        raise NotAllowed(N_("Trang này chưa có người chịu trách nhiệm nên chưa mở."))
    if access.kind in ("public", "visitor"):
        return True
    if not current_user.is_authenticated:
        return False
    if access.kind == "roles" and actor().role not in access.roles:
        raise NotAllowed(
            N_("Vai trò đang dùng không mở được trang này."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return True
