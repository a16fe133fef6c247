"""Who may open the pages of questions, collections and gift boxes."""

from typing import Any

from accounts.rules import SYSTEM, Role
from catalog.bundles.operations import Box, make_box
from catalog.collections.models import Collection
from catalog.collections.operations import Shelf, save_collection
from catalog.collections.rules import Rule
from catalog.models import Product
from catalog.questions.models import Question
from core import clock
from core.db import db, transaction
from tests.factories.catalog import create_product
from tests.routes.row import ANYBODY, Row

MANAGER, ADMIN = frozenset({Role.MANAGER}), frozenset({Role.ADMINISTRATOR})
ANSWERERS = frozenset({Role.MANAGER, Role.DIGITAL_TEAM})
BOTH, POST = ("GET", "POST"), ("POST",)


def _slug(world: Any) -> dict[str, Any]:
    return {"slug": world.other_product.slug}


def _asked(of: str) -> Any:
    def made(world: Any) -> dict[str, Any]:
        product = getattr(world, of)
        found = db.session.query(Question).filter_by(product_id=product.id).first()
        if found is None:
            seller_id, product_id = product.cooperative_id, product.id
            with transaction():  # as a row: the matrix may have withdrawn the product by now
                found = Question(key=f"route-question-{of}", product_id=product_id, cooperative_id=seller_id,
                                 name="Chị Lan", text="Nấu bao lâu thì chín?", asked_at=clock.now())  # fmt: skip
                db.session.add(found)
                db.session.flush()
        return {"question_id": found.id}

    return made


def _shelf(_world: Any) -> Collection:
    found = db.session.query(Collection).first()
    if found is None:
        with transaction():
            found = save_collection(
                SYSTEM, None, Shelf("Quà Tết", "Tết gifts", "", "", "hop-qua", Rule.OCOP, clock.today())
            )
    return found


def _box(of: str) -> Any:
    def made(world: Any) -> dict[str, Any]:
        coop, key = getattr(world, of), f"route-box-{of}"
        seller_id, before = coop.id, db.session.query(Product).filter_by(key=key).first()
        if before is None:
            pack_id = create_product(coop, f"Quà của {of}").packs[0].id
            with transaction():
                return {
                    "pack_id": make_box(SYSTEM, seller_id, key, Box("Hộp quà", [(pack_id, 2)], 90_000)).id
                }
        return {"pack_id": before.packs[0].id}

    return made


ROWS = [
    Row("opinions.ask", ANYBODY, own=_slug, methods=BOTH),
    Row("offers.delivery", ANYBODY, own=_slug, page=False),
    Row("offers.cards", ANYBODY, page=False),
    Row("offers.kept", ANYBODY),
    Row("offers.collection", ANYBODY, own=lambda w: {"slug": _shelf(w).slug}),
    Row("questions.manage", ANSWERERS),
    Row("questions.answer", ANSWERERS, own=_asked("product"), foreign=_asked("other_product"),
        post=lambda w: {"answer": "Chừng năm phút."}, page=False, methods=POST),
    Row("questions.held", ADMIN),
    Row("questions.decide", ADMIN, own=_asked("product"), post=lambda w: {"do": "pass"}, page=False, methods=POST),
    Row("collections.index", ADMIN),
    Row("collections.new", ADMIN, methods=BOTH),
    Row("collections.edit", ADMIN, own=lambda w: {"collection_id": _shelf(w).id}, methods=BOTH),
    Row("bundles.index", MANAGER),
    Row("bundles.new", MANAGER, methods=BOTH),
    Row("bundles.edit", MANAGER, own=_box("coop"), foreign=_box("other_coop"), methods=BOTH),
]  # fmt: skip
