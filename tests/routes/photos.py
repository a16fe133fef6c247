"""Who may open the pages of photos and clips."""

from accounts.rules import Role
from tests.routes.row import Row

MANAGER = frozenset({Role.MANAGER})


def _product(w):
    return {"product_id": w.product.id}


def _other(w):
    return {"product_id": w.other_product.id}


def _photo(product):
    return {"photo_id": product.photos[0].id}


ROWS = [
    Row("photos.photos", MANAGER, own=_product, foreign=_other, methods=("GET", "POST")),
    Row(
        "photos.change",
        MANAGER,
        own=lambda w: _photo(w.product),
        foreign=lambda w: _photo(w.other_product),
        post=lambda w: {"do": "describe", "alt": "Gói miến", "shot": "front"},
        page=False,
        methods=("POST",),
    ),
    Row(
        "photos.again",
        MANAGER,
        own=lambda w: _photo(w.product),
        foreign=lambda w: _photo(w.other_product),
        post=lambda w: {},
        page=False,
        methods=("POST",),
    ),
    Row(
        "photos.clip",
        MANAGER,
        own=_product,
        foreign=_other,
        post=lambda w: {"link": "https://youtu.be/dQw4w9WgXcQ"},
        page=False,
        methods=("POST",),
    ),
]
