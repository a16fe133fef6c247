"""A family asks about its statement: a conversation that both sides read, that ends with an outcome, and never goes."""

import itertools

import pytest
from flask import Flask

from accounts.rules import Actor, Role
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from messages.conversations.models import ConversationLine
from messages.models import Message
from revenue.disputes import queries
from revenue.disputes.operations import Asked, answer, ask, close_dispute, open_dispute
from revenue.disputes.rules import TRANSITIONS, About, Event, Outcome, State, after
from tests.factories.accounts import actor_for, create_user
from tests.factories.cooperatives import create_cooperative, create_producer, treasurer_of
from tests.factories.revenue import weighed


class Scene:
    """A family with a phone, its cooperative's treasurer, and strangers."""

    def __init__(self) -> None:
        coop = create_cooperative()
        person = create_user("Lý Thị Mẫu")
        one = create_producer(coop, phone=person.phone, user_id=person.id)
        self.org, self.who, self.phone = int(coop.organisation_id or 0), one.id, person.phone
        self.her, self.treasurer = Actor(person.id, Role.PRODUCER), treasurer_of(coop)
        self.slip = weighed(one).id
        self.stranger = Actor(create_user("Người lạ").id, Role.BUYER)
        self.other = treasurer_of(create_cooperative("HTX Kia"))

    def opened(
        self, key: str = "dispute-key-1", about: About = About.SLIP, about_id: int | None = None
    ) -> int:
        """A dispute, by default about the slip."""
        asked = Asked(
            about, about_id if about_id else self.slip if about is About.SLIP else None, "Hôm đó 42 ki-lô-gam"
        )
        with transaction():
            return open_dispute(self.her, self.who, key, asked).id


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_a_dispute_moves_only_by_its_table(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert after(state, event) == TRANSITIONS[state, event]
    else:
        with pytest.raises(Conflict):
            after(state, event)


def test_a_family_asks_staff_are_told_they_answer_and_both_read_the_same(ctx: Flask) -> None:
    scene = Scene()
    dispute_id = scene.opened()
    assert scene.opened() == dispute_id
    assert queries.waiting_count(scene.org) == 1
    with transaction():
        answer(scene.treasurer, dispute_id, "answer-key-1", "Cân lại rồi, đúng 42. Đã sửa.")
    told = [one.body for one in db.session.query(Message).filter_by(to_address=scene.phone, kind="payout")]
    assert any("đã trả lời" in body and "42" not in body for body in told)
    with transaction():
        ask(scene.her, dispute_id, "ask-key-2", "Cảm ơn, còn phiếu hôm sau?")
    for row in (
        queries.for_user(dispute_id, scene.her.user_id or 0),
        queries.for_staff(dispute_id, scene.org),
    ):
        said = queries.said(row)
        assert [one.side for one in said] == ["family", "cooperative", "family"]
        assert said[0].text == "Hôm đó 42 ki-lô-gam" and said[1].who
    assert queries.waiting_count(scene.org) == 1


def test_it_closes_with_an_outcome_and_words_and_nothing_is_erased(ctx: Flask) -> None:
    scene = Scene()
    dispute_id = scene.opened()
    with pytest.raises(Invalid), transaction():
        close_dispute(scene.treasurer, dispute_id, Outcome.WITHDRAWN, "rút thay nhà")
    for _tap in range(2):
        with transaction():
            close_dispute(scene.treasurer, dispute_id, Outcome.MENDED, "Bỏ phiếu sai, cân lại 42.")
    found = queries.for_staff(dispute_id, scene.org)
    assert (found.state, found.outcome) == (State.CLOSED, Outcome.MENDED)
    assert [one.text for one in queries.said(found)] == ["Hôm đó 42 ki-lô-gam", "Bỏ phiếu sai, cân lại 42."]
    with pytest.raises(Conflict), transaction():
        ask(scene.her, dispute_id, "too-late-1", "Còn nữa")
    with pytest.raises(Exception, match="immutable"), transaction():
        db.session.query(ConversationLine).delete()


def test_the_family_may_withdraw_its_own(ctx: Flask) -> None:
    scene = Scene()
    dispute_id = scene.opened()
    with transaction():
        close_dispute(scene.her, dispute_id, Outcome.MENDED)
    assert queries.for_staff(dispute_id, scene.org).outcome == Outcome.WITHDRAWN


def test_a_member_sees_only_their_own_and_a_cooperative_its_own(ctx: Flask) -> None:
    scene = Scene()
    dispute_id = scene.opened()
    for knock in (
        lambda: open_dispute(scene.stranger, scene.who, "not-mine-1", Asked(About.SUM, None, "Của ai đây")),
        lambda: ask(scene.stranger, dispute_id, "not-mine-2", "Cho xem với"),
        lambda: answer(scene.other, dispute_id, "not-ours-1", "Chúng tôi xem"),
        lambda: close_dispute(scene.other, dispute_id, Outcome.MENDED, "xong"),
        lambda: open_dispute(scene.her, scene.who, "no-such-1", Asked(About.PAYOUT, 10**6, "Lần trả lạ")),
    ):
        with pytest.raises(NotFound), transaction():
            knock()
    with pytest.raises(NotFound):
        queries.for_user(dispute_id, scene.stranger.user_id or 0)
    with pytest.raises(NotFound):
        queries.for_staff(dispute_id, scene.other.organisation_id)


def test_programme_staff_see_counts_and_may_not_read_or_answer(ctx: Flask) -> None:
    scene = Scene()
    dispute_id = scene.opened()
    programme = actor_for(Role.PROJECT_STAFF)
    assert queries.counts_by_organisation() == {scene.org: {"open": 1}}
    with pytest.raises(NotAllowed), transaction():
        answer(programme, dispute_id, "programme-1", "Chúng tôi xem")
    with pytest.raises(NotFound):
        queries.for_staff(dispute_id, programme.organisation_id)


def test_ten_a_day_are_heard_and_an_empty_word_is_not(ctx: Flask) -> None:
    scene = Scene()
    for number in range(10):
        scene.opened(f"many-{number:02}-keys", About.SUM)
    with pytest.raises(TooMany):
        scene.opened("many-99-keys", About.SUM)
    with pytest.raises(Invalid), transaction():
        open_dispute(scene.her, scene.who, "empty-words", Asked(About.SUM, None, "  "))


def test_audit_lines_hold_no_words(ctx: Flask) -> None:
    scene = Scene()
    dispute_id = scene.opened()
    with transaction():
        answer(scene.treasurer, dispute_id, "answer-key-1", "Bí mật của nhà")
    lines = " ".join(str(vars(one)) for one in db.session.query(AuditLine))
    assert "open_dispute" in lines and "answer_dispute" in lines
    assert "42 ki-lô-gam" not in lines and "Bí mật" not in lines
