"""Roles, and the one that a person wears now."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotAllowed
from core.i18n import N_


class Role(StrEnum):
    """Whom a person acts as. One at a time: many people are manager, producer, villager and officer at once."""

    BUYER = "buyer"
    PRODUCER = "producer"
    MANAGER = "manager"
    TREASURER = "treasurer"
    DIGITAL_TEAM = "digital_team"
    VILLAGE_HEAD = "village_head"
    COMMUNE_OFFICER = "commune_officer"
    PROVINCE_OFFICER = "province_officer"
    PROJECT_STAFF = "project_staff"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"  # the worker, a webhook, an anonymous buyer's own order: no person


STAFF = frozenset({Role.MANAGER, Role.TREASURER})
OFFICERS = frozenset({Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER})
TOTP_REQUIRED = OFFICERS | {Role.PROJECT_STAFF, Role.ADMINISTRATOR}


@dataclass(frozen=True)
class Actor:
    """Who acts, in which role, for which organisation.

    organisation_id: the cooperative's, commune office's or project's organisation of the grant; None for buyers.
    unit_id: the commune or province an officer's grant covers.  village: the village a village head's grant covers.
    """

    user_id: int | None
    role: Role
    organisation_id: int | None = None
    unit_id: int | None = None
    village: str | None = None
    grant_id: int | None = None
    name: str = ""

    @property
    def chain(self) -> str:
        """The audit chain this actor's acts belong to."""
        if self.role in OFFICERS:
            return f"commune:{self.unit_id}"
        return f"organisation:{self.organisation_id}" if self.organisation_id else "platform"

    def must_be(self, *roles: Role) -> None:
        """Raise NotAllowed unless the actor wears one of the roles (SYSTEM always may)."""
        if self.role is not Role.SYSTEM and self.role not in roles:
            raise NotAllowed(N_("Vai trò đang dùng không được làm việc này."), remedy=N_("Đổi vai trò ở trang Tôi."))

    def must_serve(self, organisation_id: int) -> None:
        """Raise NotAllowed unless the actor acts for this organisation (SYSTEM always may)."""
        if self.role is not Role.SYSTEM and self.organisation_id != organisation_id:
            raise NotAllowed(N_("Việc này thuộc tổ chức khác."), remedy=N_("Đổi vai trò ở trang Tôi."))


SYSTEM = Actor(user_id=None, role=Role.SYSTEM)
