"""What the worker makes for the search: an index beside the old, suggestions, the list of words. Two engines."""

import shutil
import threading

import pytest
import sqlalchemy as sa

from accounts.rules import SYSTEM
from catalog import operations
from catalog.search import NEXT
from catalog.search.builds import operations as builds
from catalog.search.models import SearchBuild, SearchEntry, Suggestion
from catalog.search.operations import INDEX, dialect
from catalog.search.queries import search
from catalog.search.rules import Asked, read_query
from catalog.search.spelling import operations as spelling
from catalog.search.spelling import store
from catalog.search.suggestions import operations as suggestions
from catalog.search.suggestions.queries import suggest
from catalog.search.suggestions.rules import CROWD, Line, laid_out
from catalog.search.tasks import build_when_missing, refresh
from cooperatives.models import Cooperative
from core.db import db, transaction
from tests.catalog.test_search import found, oil, shop
from tests.factories.catalog import create_product
from tests.queries import count_queries

__all__ = ["shop"]


@pytest.fixture
def words(app):
    """No list of words before, none after."""
    with app.app_context():
        folder = store.folder()
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _withdraw(product_id):
    with transaction():
        operations.withdraw(SYSTEM, product_id)


def test_a_rebuilt_index_finds_the_same(shop):
    oil(shop, "Tinh dầu quế")
    gone = oil(shop, "Tinh dầu quế cũ")
    _withdraw(gone.id)
    with transaction():
        db.session.execute(sa.delete(SearchEntry))
    assert build_when_missing() == 1 and build_when_missing() == 0
    assert found("que") == found("") == ["Tinh dầu quế"]
    assert builds.rebuild() == 1 and found("que") == ["Tinh dầu quế"]
    assert not sa.inspect(db.session.connection()).has_table(NEXT)


def test_what_is_published_or_withdrawn_during_a_build_is_right_after_the_swap(shop):
    """Both between slices, and by others who have read nothing of the build."""
    first, last = oil(shop, "Tinh dầu quế A"), oil(shop, "Tinh dầu quế Z")
    late = oil(shop, "Tinh dầu quế mới", published=False)
    done = []

    def meanwhile(count):
        if not done:
            done.append(count)
            _withdraw(first.id)
            with transaction():
                operations.publish(SYSTEM, late.id)
            assert set(found("que")) == {
                "Tinh dầu quế Z",
                "Tinh dầu quế mới",
            }  # the old index serves, and follows

    builds.rebuild(meanwhile)
    assert done and set(found("que")) == {"Tinh dầu quế Z", "Tinh dầu quế mới"} and last.id


def test_a_killed_build_is_begun_again_and_nobody_notices(shop):
    oil(shop, "Tinh dầu quế")

    class Killed(BaseException):
        pass

    def die(_count):
        raise Killed

    with pytest.raises(Killed):
        builds.rebuild(die)
    oil(shop, "Tinh dầu quế thứ hai")  # written into both tables, one of them forsaken
    assert len(found("que")) == 2
    assert builds.rebuild() == 2 and len(found("que")) == 2
    assert db.session.get_one(SearchBuild, INDEX).running is False


@pytest.mark.postgres
def test_publishers_on_other_connections_lose_nothing_to_a_build(pg_app):
    """Two threads withdraw and publish while the index is built three times: what is found is what is published."""
    from tests.factories.cooperatives import create_cooperative

    with pg_app.app_context():
        coop = create_cooperative("HTX Hương Ngàn")
        ids = [oil(coop, f"Tinh dầu quế {number}").id for number in range(8)]
        assert dialect() == "postgresql"
        db.session.remove()
    stop, failed = threading.Event(), []

    def churn(mine):
        with pg_app.app_context():
            while not stop.is_set():
                for product_id in mine:
                    try:
                        with transaction():
                            operations.withdraw(SYSTEM, product_id)
                        with transaction():
                            operations.publish(SYSTEM, product_id)
                    except Exception as error:
                        failed.append(error)
                        return
            with transaction():
                operations.withdraw(SYSTEM, mine[0])
            db.session.remove()

    threads = [threading.Thread(target=churn, args=(ids[place::2],)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    with pg_app.app_context():
        for _round in range(3):
            builds.rebuild()
        stop.set()
        for thread in threads:
            thread.join(30)
        assert not failed
        db.session.rollback()
        assert len(found("que")) == 6 == len(found(""))


def test_suggestions_come_from_words_anywhere_and_go_with_their_product(shop):
    product = oil(shop, "Tinh dầu quế")
    create_product(shop, "Miến dong")
    assert suggest("tinh") == []
    suggestions.rebuild()
    for typed in ("tinh d", "Tinh DẦU", "que", "dau q"):
        assert ("product", "Tinh dầu quế", f"/products/{product.slug}") in [
            (one.kind, one.text, one.href) for one in suggest(typed)
        ], typed
    assert {one.kind for one in suggest("huong")} == {"cooperative"} and {
        one.kind for one in suggest("na r")
    } == {"place"}
    assert suggest("mien")[0].kind == "category" and suggest("") == suggest("zzz") == []
    _withdraw(product.id)
    assert not [one for one in suggest("que") if one.kind == "product"]
    with transaction():
        db.session.get_one(Cooperative, shop.id).state = "suspended"
    assert not [one for one in suggest("mien") if one.kind == "product"]


def test_suggestions_are_made_anew_beside_the_old(shop):
    oil(shop, "Tinh dầu quế")
    first = suggestions.rebuild()
    oil(shop, "Tinh dầu sả")
    assert suggestions.rebuild() > first
    builds_held = db.session.execute(sa.select(Suggestion.build).distinct()).scalars().all()
    assert len(builds_held) == 1 and "Tinh dầu sả" in [one.text for one in suggest("tinh dau")]


def test_a_crowded_beginning_shows_its_best():
    lines = [Line("product", f"Nấm số {number}", "", f"/p/{number}", number) for number in range(CROWD * 3)]
    best = [(rank, line.text) for key, rank, line in laid_out(lines) if key == "na*"]
    assert len(best) == 16 and best[0] == (191, "Nấm số 191")
    assert not [key for key, _rank, _line in laid_out(lines[:CROWD]) if key.endswith("*")]


def test_suggestions_cost_two_queries_at_most(app, ctx):
    suggestions.rebuild()
    with count_queries(app) as counted:
        suggest("mien do")
    assert counted.count == 2


def test_misspelt_words_are_found_as_they_were_meant(shop, words):
    oil(shop, "Tinh dầu quế")
    create_product(shop, "Miến dong")
    create_product(shop, "Mật ong hoa rừng", category_slug="mat-ong")
    assert search(Asked(read_query("mienn donng"))).total == 0
    spelling.rebuild()
    for typed, meant in (("mienn donng", "Miến dong"), ("tihn dau", "Tinh dầu quế"), ("miendong", "Miến dong"),
                         ("mat ogn", "Mật ong hoa rừng"), ("tinh dau kue", "Tinh dầu quế")):  # fmt: skip
        result = search(Asked(read_query(typed)))
        assert [hit.title for hit in result.hits] == [meant] and result.corrected, typed
    assert search(Asked(read_query("mienn donng"))).corrected == "miến dong"  # as the shop writes it
    assert not search(Asked(read_query("mien"))).corrected and search(Asked(read_query("qwrtz"))).total == 0


def test_the_list_of_words_is_swapped_not_emptied(shop, words):
    oil(shop, "Tinh dầu quế")
    assert refresh() > 0 and refresh() == 0
    before = store.opened()
    create_product(shop, "Khâu nhục")
    assert refresh() > 0
    after = store.opened()
    assert before.doc_count() < after.doc_count() and len(list(words.glob("words-[0-9]*"))) == 2
    assert before.searcher().document(word="que") and after.searcher().document(word="khau")
