"""People who can sign in, the organisations they act for, and what they may do there."""

from datetime import date
from importlib import import_module
from typing import Any, cast

from flask_login import UserMixin
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.rules import Role
from core.db import Base, BigId, Id, Instant, ref

KINDS = ("cooperative", "collector", "commune_office", "province_office", "project", "platform")
_ROLES = ", ".join(f"'{role}'" for role in Role)


class User(UserMixin, Base):
    """One person who signs in by phone number. `session_key` names who is between password and second step; it changes
    with the password. Machines that are signed in are rows of their own (`accounts.sessions`)."""

    __tablename__ = "person_account"
    id: Mapped[Id]
    phone: Mapped[str] = mapped_column(unique=True, comment="E.164")
    name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(
        comment="argon2id; NULL until the first password is set"
    )
    session_key: Mapped[str] = mapped_column(unique=True)
    totp_secret: Mapped[bytes | None] = mapped_column(comment="encrypted")
    totp_counter: Mapped[int] = mapped_column(default=0, comment="last time step used: a code is good once")
    totp_confirmed_at: Mapped[Instant | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Instant]
    is_demo: Mapped[bool] = mapped_column(default=False)
    spoken_language: Mapped[str | None] = mapped_column(
        comment="ISO 639-3: what this person wants to hear; says nothing of ethnic group, interface or numbers"
    )

    token = ""  # of the machine signed in on, and what is known of it: set by `accounts.sessions` alone
    seat = cast(Any, None)

    def get_id(self) -> str:
        """What the session cookie names."""
        return self.token


class Organisation(Base):
    """Something that people act for: to it grants, ledgers and audit chains point."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind_known"),)
    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    unit_id: Mapped[int | None] = ref("unit.id", nullable=True)
    created_at: Mapped[Instant]


class Grant(Base):
    """A role that a person has, for an organisation or a place, with dates. Ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint(f"role IN ({_ROLES})", name="role_known"),)
    id: Mapped[Id]
    user_id: Mapped[int] = ref("person_account.id")
    role: Mapped[str]
    organisation_id: Mapped[int | None] = ref("organisation.id", nullable=True)
    unit_id: Mapped[int | None] = ref("unit.id", nullable=True)
    village: Mapped[str | None]
    granted_by: Mapped[int | None] = mapped_column(BigId)
    from_on: Mapped[date]
    to_on: Mapped[date | None] = mapped_column(comment="last day; NULL: still valid")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class Invitation(Base):
    """A role offered to a phone number. The link carries the token; only its hash is kept."""

    __tablename__ = "invitation"
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str]
    role: Mapped[str]
    organisation_id: Mapped[int] = ref("organisation.id")
    unit_id: Mapped[int | None] = ref("unit.id", nullable=True, index=False)
    village: Mapped[str | None]
    invited_by: Mapped[int] = ref("person_account.id")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class SignInCode(Base):
    """A six-digit code sent to a phone: five minutes, five tries, one use. Only its keyed hash is kept."""

    __tablename__ = "sign_in_code"
    id: Mapped[Id]
    purpose: Mapped[str]
    phone_hash: Mapped[str] = mapped_column(index=True)
    code_hash: Mapped[str]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    tries_count: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[Instant | None]


import_module("accounts.drafts.models")  # the subpackages' tables belong to the same part
import_module("accounts.sessions.models")
import_module("accounts.voices.models")
