"""Sales as evidence: with consent, a head, once a year; a contradiction is a question that the family sees first."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, NotAllowed, NotFound
from households.models import Household
from messages.models import Message
from registry import operations as declaring
from registry import queries as declarations
from registry.procedure.models import ReviewCase
from registry.record import held
from registry.sales import operations, queries
from registry.sales.models import SalesYear
from registry.sales.rules import Standing, band_per_head, contradicts
from tests.accounts.test_views import token
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.factories.registry import POOR, WELL, fill, resident
from tests.factories.sales import asked, sold


def family(answers: dict[str, str] = POOR) -> tuple[Actor, Household]:
    """Somebody of a household that declared."""
    who, home = resident()
    with transaction():
        begun = declaring.start(who)
    key = fill(who, begun, answers)
    with transaction():
        declaring.finish(who, key)
    return who, home


def officer(home: Household, **more: object) -> Actor:
    return actor_for(Role.COMMUNE_OFFICER, unit_id=home.commune_id, **more)  # type: ignore[arg-type]


@given(st.integers(1, 10**10), st.integers(0, 20 * 365), st.integers(0, 30))
def test_a_larger_household_never_looks_richer(total: int, days: int, declared: int) -> None:
    low, high = band_per_head(total, days, declared, 2025)
    assert band_per_head(total, days + 365, declared, 2025)[0] <= low
    assert band_per_head(total, days, declared + 1, 2025)[0] <= low <= total
    assert high is None or high > low


def test_only_a_poor_declaration_beside_sales_above_the_line_is_asked_about() -> None:
    assert contradicts("near_poor", 18_000_000, 1_500_000) and not contradicts("none", 10**9, 1_500_000)
    assert not contradicts("poor", 17_999_999, 1_500_000) and not contradicts("unsaid", 10**9, 1_500_000)


def test_the_family_sees_it_first_then_the_commune_and_no_class_changes(ctx: Flask) -> None:
    who, home = family()
    home_id = home.id
    made = asked(who)
    assert made is not None and made.state == Standing.SHOWN and made.low_vnd >= 18_000_000
    key, boss = made.key, officer(home)
    assert [one.key for one in queries.waiting_for(home_id)] == [key]
    assert queries.bands(home_id) == [] and queries.asked_of_commune(boss) == []
    with pytest.raises(NotFound):
        queries.for_officer(boss, key)
    assert "bán" not in db.session.query(Message).filter_by(kind="sales").one().body, "no message tells why"
    with transaction():
        operations.say(who, key, "Năm ấy bán hộ cả xóm.")
    with pytest.raises(Conflict), transaction():
        operations.say(who, key, "")
    assert [one.key for one, _home in queries.asked_of_commune(boss)] == [key]
    assert len(queries.bands(home_id)) == 1
    before = db.session.query(declarations.ReviewResult).count()
    with transaction():
        operations.close(boss, key, "Đã tới hỏi, đúng là bán hộ.", review=False)
    assert db.session.query(ReviewCase).count() == 0
    assert db.session.query(declarations.ReviewResult).count() == before
    whole = str(held.as_document(db.session.get_one(Household, home_id)))
    assert "Năm ấy bán hộ cả xóm." in whole and "Đã tới hỏi, đúng là bán hộ." in whole


def test_a_family_that_says_nothing_has_ten_working_days(ctx: Flask) -> None:
    who, home = family()
    made = asked(who)
    assert made is not None and made.first_until is not None
    boss, until = officer(home), made.first_until
    with clock.use(NOW + (until - clock.today())):
        assert queries.asked_of_commune(boss) == []
    with clock.use(NOW + (until - clock.today()) + timedelta(days=1)):
        assert len(queries.asked_of_commune(boss)) == 1
        with transaction():
            found = operations.close(boss, made.key, "Đã hỏi, nên xét lại.", review=True)
        assert found.case_id is not None and db.session.query(ReviewCase).one().chosen == ""


def test_no_consent_no_evidence_and_what_was_kept_goes_with_it(ctx: Flask) -> None:
    who, home = family()
    home_id = home.id
    with sold(), transaction():
        assert operations.keep_years() == 0
    assert asked(who) is not None
    with sold(1), transaction():
        kept = operations.keep_year(home_id)
        assert kept is not None and kept.low_vnd >= 18_000_000, "made once, not refreshed"
    with transaction():
        declaring.withdraw_sales_consent(who)
    assert db.session.query(SalesYear).count() == 0


def test_a_household_that_declared_to_be_well_off_is_asked_nothing(ctx: Flask) -> None:
    who, home = family(WELL)
    made = asked(who)
    assert made is not None and made.state == Standing.QUIET
    assert len(queries.bands(home.id)) == 1


def test_kin_and_strangers_close_nothing(ctx: Flask) -> None:
    from registry.fairness.operations import declare_kin

    who, home = family()
    made = asked(who)
    assert made is not None
    kin, elsewhere, key, home_key = officer(home), actor_for(Role.COMMUNE_OFFICER), made.key, home.key
    with transaction():
        operations.say(who, key, "")
        declare_kin(kin, home_key)
    with pytest.raises(NotAllowed), transaction():
        operations.close(kin, key, "Người nhà tự xét.", review=False)
    with pytest.raises(NotFound), transaction():
        operations.close(elsewhere, key, "Xã khác xét.", review=False)


def test_both_sides_have_their_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        who, home = family()
        made = asked(who)
        assert made is not None
        key, boss = made.key, officer(home)
    sign_in(client, who)
    assert f"/declare/sales/{key}" in client.get("/declare").text
    page = client.get(f"/declare/sales/{key}")
    sent = client.post(f"/declare/sales/{key}", data={"csrf_token": token(page.text), "words": "Bán trâu."})
    assert sent.status_code == 302
    desk = app.test_client()
    sign_in(desk, boss)
    assert f"/registry/sales/{key}" in desk.get("/registry/sales").text
    page = desk.get(f"/registry/sales/{key}")
    assert "Bán trâu." in page.text
    short = desk.post(
        f"/registry/sales/{key}", data={"csrf_token": token(page.text), "words": "", "review": "no"}
    )
    assert short.status_code == 422
    done = {"csrf_token": token(page.text), "words": "Đã hỏi, đúng thế.", "review": "no"}
    assert desk.post(f"/registry/sales/{key}", data=done).status_code == 302
    assert "Đã hỏi, đúng thế." in client.get(f"/declare/sales/{key}").text
