"""Terms, dealings and tax on a real PostgreSQL: one random life, every page's reads, the book worked out again."""

from datetime import date

import pytest
from flask import Flask

from core import clock
from revenue.audit.queries import faults
from revenue.dealings import queries as dealings
from revenue.tax import queries as tax
from revenue.terms import previews
from tests.conftest import NOW
from tests.revenue.test_terms_walk import Walk, random_terms
from tests.revenue.test_withholding import NEXT, THIS

pytestmark = pytest.mark.postgres


def test_a_life_under_random_terms_holds_on_postgresql(
    pg_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tax, "dated_rules", lambda: (THIS, NEXT))
    with pg_app.app_context(), clock.use(NOW):
        walk = Walk(11)
        walk.new_terms()
        walk.harvest()
        for _n in range(40):
            walk.step()
        world, today = walk.world, clock.today()
        sellers = tax.year(world.org, today.year)
        assert sum(one.turnover_vnd for one in sellers) > 0
        assert tax.years(world.org) == [today.year] and isinstance(tax.months(world.org, today.year), list)
        assert tax.sellers_of(world.producers[0].id, today.year, world.org)
        year = (date(today.year, 1, 1), date(today.year + 1, 1, 1))
        assert dealings.dealings(world.org, *year) and list(dealings.lines(world.org, *year))
        seen = previews.preview(world.org, world.coop.id, random_terms(walk.random), today)
        assert seen.total(seen.would) == seen.total(seen.was) == seen.all_vnd
        walk.close()
        assert dealings.batches_to_post() == [] and len(dealings.lots_to_write_off()) <= len(walk.lots)
        assert list(faults()) == []
