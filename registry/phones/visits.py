"""Visits and form C that were written in a village without a line."""

from datetime import timedelta

from accounts.rules import Actor
from registry.phones import queries
from registry.phones.entries import Sent, judged_case, of_case
from registry.phones.models import PhoneEntry
from registry.phones.rules import Verdict, judge
from registry.procedure import operations as procedure
from registry.procedure import queries as cases
from registry.procedure.models import ReviewCase
from registry.traits import operations as form_c
from registry.traits.queries import traits_of_case


def arrive_visit(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """What was seen at a home, and the class proposed. Whoever was there meanwhile is not written over."""
    case = judged_case(actor, sent.case)
    before = [one for one in cases.history(case) if one.event == "visit"]
    same = bool(before) and (before[-1].chosen, before[-1].note) == (_chosen(sent), _note(sent))
    verdict = judge(sent.base, queries.last_step(case), same=same)
    if verdict is Verdict.TAKE:
        use_visit(actor, case, sent)
    return of_case(actor, key, sent, case, verdict)


def use_visit(actor: Actor, case: ReviewCase, sent: Sent) -> None:
    """Write the visit down, at the time at which it was made."""
    ago = timedelta(seconds=sent.ago_s)
    procedure.visit(actor, case.key, chosen=_chosen(sent), note=_note(sent), ago=ago)


def _chosen(sent: Sent) -> str:
    return str(sent.answers.get("chosen", ""))


def _note(sent: Sent) -> str:
    return str(sent.answers.get("note", ""))


def arrive_traits(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """Form C of a household."""
    case = judged_case(actor, sent.case)
    held = traits_of_case(case.id)
    said = (tuple(sorted(causes_of(sent))), sent.answers.get("disability", ""))
    same = held is not None and (tuple(sorted(held.causes)), held.disability) == said
    verdict = judge(sent.base, queries.traits_token(case), same=same)
    if verdict is Verdict.TAKE:
        use_traits(actor, case, sent)
    return of_case(actor, key, sent, case, verdict)


def use_traits(actor: Actor, case: ReviewCase, sent: Sent) -> None:
    """Write form C down, in the place of what it said before."""
    form_c.note(actor, case.key, causes_of(sent), str(sent.answers.get("disability", "")))


def causes_of(sent: Sent) -> list[str]:
    """Codes of causes, one a line as phones keep ticks."""
    return str(sent.answers.get("causes", "")).split()
