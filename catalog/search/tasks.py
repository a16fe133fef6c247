"""The worker's duties for the search: follow renamings, make suggestions and the list of words when goods changed."""

from datetime import timedelta

from sqlalchemy import func, select

from catalog.models import Product
from catalog.rules import State
from catalog.search.builds import operations as builds
from catalog.search.models import SearchBuild, SearchEntry
from catalog.search.operations import INDEX, reindex, stale
from catalog.search.spelling import operations as spelling
from catalog.search.spelling import store
from catalog.search.suggestions import operations as suggestions
from catalog.search.suggestions.queries import NAME
from catalog.search.tokens import form
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from core.work import Task

PATIENCE = timedelta(hours=1)  # who builds an index for longer was killed


def follow_renames() -> int:
    """Index again the products whose seller has another name or tradition by now."""
    product_ids = stale()
    if product_ids:
        with transaction():
            for product_id in product_ids:
                reindex(product_id)
    return len(product_ids)


def stamp() -> str:
    """What the goods on sale are, in short: it differs after every change that suggestions or words may follow."""
    goods = select(func.count(), func.coalesce(func.sum(Product.version), 0), func.max(Product.id))
    row = db.session.execute(goods.where(Product.state == State.PUBLISHED)).one()
    sellers = select(func.count()).where(Cooperative.state == "approved")
    return "/".join(str(part or 0) for part in (*row, db.session.execute(sellers).scalar_one()))


def refresh() -> int:
    """Make suggestions and the list of words anew where goods changed since, or this machine has no words yet."""
    now = stamp()
    made = db.session.execute(select(SearchBuild.stamp).where(SearchBuild.name == NAME)).scalar_one_or_none()
    wordless = store.opened() is None
    db.session.rollback()
    if made == now and not wordless:
        return 0
    count = spelling.rebuild()
    db.session.rollback()
    count += suggestions.rebuild(now)
    builds.take_statistics()
    return count


def build_when_missing() -> int:
    """Build the index where something is on sale and it holds nothing, or holds it in the form of an older version."""
    entries = select(SearchEntry.product_id).limit(1)
    made = db.session.execute(select(SearchBuild).where(SearchBuild.name == INDEX)).scalar_one_or_none()
    current = made is not None and made.stamp == form() and db.session.execute(entries).first() is not None
    at_work = made is not None and made.running and made.at is not None and made.at > clock.now() - PATIENCE
    on_sale = select(Product.id).where(Product.state == State.PUBLISHED).limit(1)
    missing = not current and not at_work and db.session.execute(on_sale).first() is not None
    db.session.rollback()
    return builds.rebuild() if missing else 0


TASKS = [
    Task("search follows renames", 60.0, follow_renames),
    Task("search index where missing", 60.0, build_when_missing),
    Task("suggestions and words", 60.0, refresh),
]
