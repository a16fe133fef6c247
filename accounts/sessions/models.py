"""The table of machines that are signed in."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accounts.sessions.rules import BROWSERS, MACHINES
from core.db import Base, Id, Instant, ref

_MACHINES = ", ".join(f"'{one}'" for one in MACHINES)
_BROWSERS = ", ".join(f"'{one}'" for one in BROWSERS)


class SignedIn(Base):
    """One machine that one person is signed in on. Its cookie carries the token; only the hash is kept, and neither
    the network address nor what the browser says of itself beyond two words. Ended: gone."""

    __tablename__ = "signed_in_machine"
    __table_args__ = (
        CheckConstraint(f"machine IN ({_MACHINES})", name="machine_known"),
        CheckConstraint(f"browser IN ({_BROWSERS})", name="browser_known"),
    )
    id: Mapped[Id]
    user_id: Mapped[int] = ref("person_account.id")
    token_hash: Mapped[str] = mapped_column(unique=True, comment="SHA-256 of 192 random bits")
    machine: Mapped[str] = mapped_column(default="unknown")
    browser: Mapped[str] = mapped_column(default="unknown")
    created_at: Mapped[Instant]
    used_at: Mapped[Instant] = mapped_column(
        index=True, comment="to ten minutes: not every tap is written down"
    )
    second_step: Mapped[bool] = mapped_column(
        default=False, comment="the authenticator's code was given here"
    )
