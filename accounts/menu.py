"""The links a part offers on /me, by role."""

from dataclasses import dataclass

from accounts.rules import Role


@dataclass(frozen=True)
class Link:
    """One line of /me. `text` and `hint` are message ids; `icon` a name in the sprite. No roles: for everybody.

    rank: 0 for the page a role works on all day, higher further down. kind: of the organisation acted for, where the
    role alone does not say whose page it is: a collector's manager has another desk than a cooperative's.
    """

    endpoint: str
    text: str
    icon: str = "home"
    hint: str = ""
    roles: frozenset[Role] = frozenset()
    rank: int = 50
    kind: str = ""
