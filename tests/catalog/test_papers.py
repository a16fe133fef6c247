"""Stars are advertised while their paper holds, and never a day longer."""

from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from accounts.rules import SYSTEM
from catalog import queries
from catalog.certificates.operations import add_certificate
from catalog.certificates.queries import turned_lately
from catalog.certificates.tasks import follow_papers
from catalog.rules import CertificateKind
from catalog.search.queries import search
from catalog.search.rules import Filters
from core import clock
from core.db import db, transaction
from storefront.browse.forms import read_asked
from tests.conftest import NOW
from tests.factories.accounts import sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of

TODAY = date(2026, 11, 22)


@pytest.fixture
def starred(ctx):
    """A product whose stars' paper holds to the end of tomorrow."""
    product = create_product(create_cooperative(), ocop_stars=4)
    paper(product, f"OCOP-{product.id}", date(2024, 1, 1), TODAY + timedelta(days=1))
    return product


def paper(product, number, starts, ends, kind=CertificateKind.OCOP):
    with transaction():
        add_certificate(SYSTEM, product.cooperative_id, kind=kind, number=number, issuer="UBND tỉnh",
                        valid_from=starts, valid_to=ends, product_id=product.id)  # fmt: skip


def stars_on(product, day):
    with clock.use(NOW + timedelta(days=(day - TODAY).days)):
        page = queries.product_page(product.slug, day).ocop_stars
        (card,) = queries.cards(cooperative_id=product.cooperative_id)
        assert card.ocop_stars == page
    return page


def test_stars_go_by_themselves_on_the_day_after_the_papers_last(starred):
    assert stars_on(starred, TODAY + timedelta(days=1)) == 4
    assert stars_on(starred, TODAY + timedelta(days=2)) is None


def test_stars_come_back_with_the_new_paper_on_its_first_day(starred):
    paper(starred, "OCOP-mới", TODAY + timedelta(days=10), None)
    assert stars_on(starred, TODAY + timedelta(days=9)) is None
    assert stars_on(starred, TODAY + timedelta(days=10)) == 4


def test_stars_without_a_paper_of_their_own_are_not_advertised(ctx):
    coop = create_cooperative()
    bare = create_product(coop, ocop_stars=3)
    paper(bare, f"OCOP-{bare.id}", date(2020, 1, 1), date(2021, 1, 1))
    paper(bare, "AT-1", date(2020, 1, 1), None, CertificateKind.FOOD_SAFETY)
    assert stars_on(bare, TODAY) is None


def test_search_by_stars_follows_the_papers_within_the_hour(starred):
    asked = read_asked(MultiDict({"ocop": "3"}))
    assert asked.filters != Filters()
    with transaction():
        from catalog.search.operations import reindex

        reindex(starred.id)
    assert search(asked).total == 1
    with clock.use(NOW + timedelta(days=2)):
        assert turned_lately(clock.today()) == [starred.id]
        assert follow_papers() == 1
        db.session.rollback()
        assert search(asked).total == 0


def test_the_manager_sees_in_red_that_stars_are_not_shown(app, client):
    with app.app_context():
        coop = create_cooperative()
        product = create_product(coop, ocop_stars=4)
        paper(product, f"OCOP-{product.id}", date(2024, 1, 1), TODAY - timedelta(days=1))
        where, manager = f"/manage/products/{product.id}", manager_of(coop)
        db.session.rollback()
    sign_in(client, manager)
    page = client.get(where).text
    assert 'class="note bad"' in page and "Giấy OCOP hết hạn 21/11/2026 nên khách không thấy sao" in page


def test_a_product_says_that_it_is_in_season_until_the_month_ends(app, client):
    with app.app_context():
        slug = create_product(
            create_cooperative(), "Măng khô", harvest_months=0b10000000000, available=3
        ).slug
        db.session.rollback()
    assert "Đang mùa" in client.get(f"/products/{slug}").text
    with clock.use(NOW + timedelta(days=10)):
        assert "Đang mùa" not in client.get(f"/products/{slug}").text
