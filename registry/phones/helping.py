"""Answers that a helper wrote down without a line for a family which had asked for it: its yes still follows."""

from accounts.rules import Actor
from registry import operations as declaring
from registry import queries as declarations
from registry.models import Review
from registry.phones import queries
from registry.phones.entries import Sent, alike, entry
from registry.phones.models import PhoneEntry
from registry.phones.rules import Verdict, judge
from registry.rules import Event, State


def arrive_help(actor: Actor, key: str, sent: Sent) -> PhoneEntry:
    """The declaration that the actor was asked to help with (`sent.case` is its key). Raises NotFound for any other."""
    actor.must_be(*declaring.HELPING_ROLES)
    review = declarations.own_review(actor, sent.case)
    verdict = judge(sent.base, queries.token_of(review), same=alike(review, sent))
    if review.state not in (State.DRAFT, State.TO_CONFIRM):
        verdict = Verdict.SAME if alike(review, sent) else Verdict.DIFFERS  # the family sent it meanwhile
    if verdict is Verdict.TAKE or (verdict is Verdict.SAME and review.state == State.DRAFT):
        use_help(actor, review, sent)
    return entry(actor, key, sent, verdict, household_id=review.household_id, review_id=review.id)


def use_help(actor: Actor, review: Review, sent: Sent) -> None:
    """Put the answers in the declaration's place; with nothing left to ask it waits for the family's yes."""
    if review.state == State.TO_CONFIRM:
        declaring.advance(review, Event.REOPEN)
    declaring.answer_all(actor, review, sent.answers)
    if sent.done and not declaring.unanswered(review):
        declaring.finish(actor, review.key)
