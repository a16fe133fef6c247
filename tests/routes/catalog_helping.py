"""Who may open the pages of history, and of filling in for somebody."""

import sqlalchemy as sa

from accounts.rules import SYSTEM, Role
from catalog.helping.models import ListingHelp
from catalog.history.models import ProductChange
from catalog.operations import Draft, save_draft
from core import clock
from core.db import db, transaction
from tests.routes.row import Row

MANAGER, HELPER = frozenset({Role.MANAGER}), frozenset({Role.DIGITAL_TEAM})
BOTH = ("GET", "POST")


def _product(w):
    return {"product_id": w.product.id}


def _change(product):
    newest = sa.select(sa.func.max(ProductChange.id)).where(ProductChange.product_id == product.id)
    return {"product_id": product.id, "change_id": db.session.execute(newest).scalar_one()}


def _draft(cooperative):
    with transaction():
        return {
            "product_id": save_draft(
                SYSTEM, cooperative.id, f"routes-{cooperative.id}", Draft(name="Nháp")
            ).id
        }


def _help(w, cooperative):
    with transaction():
        made = ListingHelp(
            cooperative_id=cooperative.id, helper_user_id=w.users[Role.BUYER], agreed_by_user_id=w.users[Role.MANAGER],
            agreed_at=clock.now(), until_on=clock.today(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        return {"help_id": made.id}


ROWS = [
    Row("history.history", MANAGER, own=_product, foreign=lambda w: {"product_id": w.other_product.id}),
    Row("history.undo", MANAGER, own=lambda w: _change(w.product), foreign=lambda w: _change(w.other_product),
        post=lambda w: {}, page=False, methods=("POST",)),
    Row("catalog.confirm_help", MANAGER, own=_product, foreign=lambda w: {"product_id": w.other_product.id},
        post=lambda w: {}, page=False, methods=("POST",)),
    Row("helping.start", HELPER, methods=BOTH),
    Row("helping.begin", HELPER, methods=BOTH),
    Row("helping.products", HELPER, own=lambda w: {"cooperative_id": w.coop.id},
        foreign=lambda w: {"cooperative_id": w.other_coop.id}),
    Row("helping.new_product", HELPER, own=lambda w: {"cooperative_id": w.coop.id},
        foreign=lambda w: {"cooperative_id": w.other_coop.id}, methods=BOTH),
    Row("helping.edit_product", HELPER, own=lambda w: _draft(w.coop), foreign=lambda w: _draft(w.other_coop),
        methods=BOTH),
    Row("helping.helpers", MANAGER),
    Row("helping.end", MANAGER, own=lambda w: _help(w, w.coop), foreign=lambda w: _help(w, w.other_coop),
        post=lambda w: {}, page=False, methods=("POST",)),
]  # fmt: skip
