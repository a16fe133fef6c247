"""What a phone sent, and the row that remembers it; shared by the doors of all kinds of forms."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from accounts.rules import Actor
from core import clock
from core.crypto import encrypt
from registry.models import Review
from registry.phones import queries
from registry.phones.models import PhoneEntry
from registry.phones.rules import EntryState, Kind, Verdict
from registry.procedure import operations as procedure
from registry.procedure import queries as cases
from registry.procedure.models import ReviewCase
from registry.queries import answers_of


@dataclass(frozen=True)
class Sent:
    """What a phone brought. base: what stood here when it looked, '?' if it never did. done: nothing is left to ask.

    answers: those of the declaration, or the fields of a visit, of form C, of a meeting. ago_s: seconds it waited.
    """

    kind: Kind
    base: str
    case: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    done: bool = True
    witness: str = ""
    goes_on: bool = True
    note: str = ""
    village: str = ""
    ago_s: int = 0

    def said(self) -> dict[str, Any]:
        """What is compared when the same key comes again: all but the waiting, which grows with each try."""
        return {name: value for name, value in asdict(self).items() if name != "ago_s"}


def entry(actor: Actor, key: str, sent: Sent, verdict: Verdict, **more: Any) -> PhoneEntry:
    """The row of a form that arrived. Its words are kept, encrypted, only while it differs or a witness is named."""
    differs = verdict is Verdict.DIFFERS
    body = asdict(sent) if differs else {"witness": sent.witness} if sent.witness else None
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return PhoneEntry(
        key=key,
        kind=sent.kind,
        body=encrypt(text, field=queries.BODY, owner=f"phone_entry:{key}") if body else None,
        state=EntryState.DIFFERS if differs else EntryState.TAKEN,
        arrived_at=clock.now(),
        user_id=actor.user_id,
        **more,
    )


def of_case(
    actor: Actor, key: str, sent: Sent, case: ReviewCase, verdict: Verdict, **more: Any
) -> PhoneEntry:
    """The row of a form about one case."""
    return entry(actor, key, sent, verdict, household_id=case.household_id, case_id=case.id, **more)


def judged_case(actor: Actor, key: str) -> ReviewCase:
    """A case that the actor may judge. Raises NotFound, NotAllowed."""
    case = cases.case_for(actor, key)
    procedure.must_judge(actor, case)
    return case


def alike(review: Review | None, sent: Sent) -> bool:
    """Whether the same answers stand here already."""
    here = {name: str(value) for name, value in answers_of(review).items()} if review else {}
    return here == {name: str(value) for name, value in sent.answers.items()}
