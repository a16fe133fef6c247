"""Cases on their way to recognition, moved by the verbs that people use."""

from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from households.models import Household
from registry.procedure import hearings, operations
from registry.procedure.hearings import Attendance, Complaint, Vote
from registry.procedure.models import ReviewCase, WallList
from registry.procedure.rules import How, Origin
from tests.factories.accounts import actor_for
from tests.factories.households import create_household
from tests.factories.registry import submitted_review


def officer(household: Household) -> Actor:
    """An officer of the household's commune."""
    return actor_for(Role.COMMUNE_OFFICER, unit_id=household.commune_id)


def listed(household: Household | None = None) -> tuple[Actor, ReviewCase]:
    """A household with a sent declaration, put on the round's list by an officer."""
    home = household or create_household(head="Triệu Văn Chủ")
    if household is None:
        submitted_review(home)
    who, home_id = officer(home), home.id
    with transaction():
        operations.enrol(who, [home_id], Origin.ROUND)
    from registry.procedure.queries import case_of_household

    found = case_of_household(home_id)
    assert found is not None
    return who, found


def visited(chosen: str = "poor", note: str = "Nhà tạm, ba con nhỏ") -> tuple[Actor, ReviewCase]:
    """Screened, scored and visited."""
    who, case = listed()
    key = case.key
    with transaction():
        operations.screen(who, key, goes_on=True, note="")
    with transaction():
        operations.take_score(who, key)
    with transaction():
        operations.visit(who, key, chosen=chosen, note=note)
    return who, case


def meeting(who: Actor, village: str, present: int = 1) -> None:
    """The village met."""
    with transaction():
        hearings.record_meeting(
            who,
            Attendance(
                village, clock.today(), "Lý Văn Trưởng", "Bàn Thị Thư", present, "Bà con nghe và nói."
            ),
        )


def met(chosen: str = "poor") -> tuple[Actor, ReviewCase]:
    """The meeting agreed."""
    who, case = visited()
    key = case.key
    meeting(who, case.village)
    with transaction():
        hearings.vote(who, key, Vote(chosen, 1, 0, "", "Thôn thấy đúng như vậy"))
    return who, case


def posted() -> tuple[Actor, ReviewCase, WallList]:
    """On the wall."""
    who, case = met()
    village = case.village
    with transaction():
        made = hearings.post(who, village)
    return who, case, made


def objected(who: Actor, case: ReviewCase, key: str = "objection-1") -> None:
    """Somebody called."""
    case_key = case.key
    with transaction():
        hearings.object_for(
            who, case_key, How.PHONE, Complaint(key, "Nhà này vừa mua xe tải.", "+84912345678")
        )


def recognised() -> tuple[Actor, ReviewCase]:
    """Signed by two, once the posting was over; leaves the clock where it was."""
    from datetime import timedelta

    who, case, _wall = posted()
    key = case.key
    second = actor_for(Role.COMMUNE_OFFICER, unit_id=case.commune_id)
    with clock.use(clock.now() + timedelta(days=10)):
        with transaction():
            operations.propose(who, key, decision_number="12/QĐ-UBND")
        with transaction():
            operations.approve(second, key)
    return who, case
