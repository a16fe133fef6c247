"""Needs and requests about records, for tests."""

from accounts.rules import Actor
from core.db import transaction
from households.models import Household
from registry.needs import operations as needs
from registry.needs.kinds import NeedKind, Urgency
from registry.needs.models import Need
from registry.record import operations as records
from registry.record.models import RecordRequest
from registry.record.rules import Ask
from tests.factories.registry import resident


def said_need(
    household: Household | None = None,
    kind: NeedKind = NeedKind.TELECOM,
    urgency: Urgency = Urgency.SOON,
    note: str = "Con học qua mạng",
    actor: Actor | None = None,
) -> Need:
    """A need that a household said itself; it is with the commune."""
    who = actor or resident(household)[0]
    paid = 20_000 if kind is NeedKind.TELECOM else None
    with transaction():
        return needs.say(who, needs.Said(kind, urgency, note, paid))


def asked(household: Household | None = None, what: Ask = Ask.CORRECT) -> RecordRequest:
    """A request that a household sent about its record."""
    who, _home = resident(household)
    with transaction():
        return records.ask(who, what, "Năm sinh của mẹ tôi bị ghi sai")
