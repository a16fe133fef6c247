"""Departing cases that were drawn, and the officer elsewhere who looks again."""

from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from households.models import Household
from registry.fairness import draws
from registry.fairness.models import Recheck
from registry.procedure.models import ReviewCase
from registry.procedure.operations import choose
from tests.factories import procedure
from tests.factories.accounts import actor_for
from tests.factories.places import commune


def elsewhere() -> Actor:
    """An officer of another commune of the province."""
    return actor_for(Role.COMMUNE_OFFICER, unit_id=commune("Ba Bể").id)


def departed(household: Household | None = None) -> ReviewCase:
    """A case recognised in a class other than its score, without its steps."""
    _who, case = procedure.listed(household)
    with transaction():
        case.score = "none"
        choose(case, "poor", "Nhà vừa cháy")
        case.state, case.ended_on = "recognised", clock.today()
    return case


def drawn(case: ReviewCase | None = None) -> tuple[Actor, Recheck]:
    """A departing case, drawn for an officer elsewhere, whatever the seed says."""
    case, other = case or departed(), elsewhere()
    with transaction():
        seed = draws.seed_of(draws.province_of(case.commune_id).id, case.round_year)
        seed.rate_bp = 10_000
    with transaction():
        made = draws.draw(case)
    assert made is not None
    return other, made
