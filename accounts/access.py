"""Who opens which route: the marks of `core.guard`, and `roles(...)` for people who wear one of these roles now."""

from collections.abc import Callable

from flask import current_app, g
from flask_login import current_user

from accounts.rules import Actor, Role
from accounts.sessions import operations as sessions
from core import fences
from core.db import transaction
from core.errors import NotAllowed
from core.guard import Access, View, mark, public, signed_in, visitor
from core.i18n import N_

__all__ = ["Access", "access_of", "actor", "public", "require", "roles", "signed_in", "visitor"]


def roles(*allowed: Role) -> Callable[[View], View]:
    """Only people who wear one of these roles now."""
    return mark(Access("roles", frozenset(allowed)))


def access_of(endpoint: str) -> Access | None:
    """The guard that a route declared."""
    return getattr(current_app.view_functions.get(endpoint), "access", None)


def actor() -> Actor:
    """The signed-in person in the role worn now. Raises NotAllowed when nobody is signed in."""
    if not current_user.is_authenticated:
        raise NotAllowed(N_("Chưa đăng nhập."), remedy=N_("Đăng nhập rồi làm lại."))
    if "actor" not in g:
        from accounts.queries import worn_actor

        g.actor = worn = worn_actor(current_user)
        fences.stand(fences.Standing(worn.user_id, worn.role, worn.unit_id, worn.village or ""))
    return g.actor  # type: ignore[no-any-return]


def require(access: Access | None) -> bool:
    """Whether the request may go on; False asks to sign in. Raises NotAllowed in the wrong role or for no rule."""
    if access is None:
        raise NotAllowed(N_("Trang này chưa có người chịu trách nhiệm nên chưa mở."))
    if access.kind in ("public", "visitor"):
        return True
    if not current_user.is_authenticated:
        return False
    if current_user.seat.stale():
        with transaction():
            sessions.seen(current_user.seat.id)
    if access.kind == "roles" and actor().role not in access.roles:
        raise NotAllowed(
            N_("Vai trò đang dùng không mở được trang này."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return True
