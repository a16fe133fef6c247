"""Who may open cart, checkout and tracking: anybody; but an order only by its own unguessable link."""

from typing import Any

from tests.routes.row import ANYBODY, SIGNED_IN, Row

BOTH = ("GET", "POST")
POST = ("POST",)


def _token(world: Any) -> dict[str, str]:
    return {"token": world.order.token}


def _shipped(world: Any) -> dict[str, str]:
    return {"token": world.shipped_order.token}


def _guess(_world: Any) -> dict[str, str]:
    return {"token": "a-guessed-token-of-somebody"}


def _pack(world: Any) -> dict[str, int]:
    return {"pack_id": world.pack.id}


ROWS = [
    Row("checkout.cart", ANYBODY),
    Row("checkout.add", ANYBODY, post=lambda w: {"pack_id": w.pack.id, "quantity": "1"}, page=False, methods=POST),
    Row("checkout.change", ANYBODY, own=_pack, post=lambda w: {"quantity": "2"}, page=False, methods=POST),
    Row("checkout.accept_prices", ANYBODY, post=lambda w: {}, page=False, methods=POST),
    Row("checkout.voucher", ANYBODY, post=lambda w: {"remove": "1"}, page=False, methods=POST),
    Row("checkout.start", ANYBODY, page=False),
    Row("checkout.where", ANYBODY, page=False, methods=BOTH),  # without a cart every step leads back to it
    Row("checkout.how", ANYBODY, page=False, methods=BOTH),
    Row("checkout.gift", ANYBODY, page=False, methods=BOTH),
    Row("checkout.invoice", ANYBODY, page=False, methods=BOTH),
    Row("checkout.review", ANYBODY, page=False, methods=BOTH),
    Row("tracking.order", ANYBODY, own=_token, foreign=_guess),
    Row("tracking.pay", ANYBODY, own=_token, foreign=_guess),
    Row("tracking.state", ANYBODY, own=_token, foreign=_guess, page=False),
    Row("tracking.contract", ANYBODY, own=_token, foreign=_guess),
    Row("tracking.contract_pdf", ANYBODY, own=_token, foreign=_guess, page=False),
    Row("tracking.confirm", ANYBODY, own=lambda w: {"token": w.cod_order.token}, foreign=_guess, methods=BOTH),
    Row("tracking.cancel", ANYBODY, own=_token, foreign=_guess, post=lambda w: {}, page=False, methods=POST),
    Row("tracking.problem", ANYBODY, own=_shipped, foreign=_guess, methods=BOTH),
    Row("tracking.find", ANYBODY, methods=BOTH),
    Row("mine.again", ANYBODY, own=_token, foreign=_guess, post=lambda w: {}, page=False, methods=POST),
    Row("mine.orders", SIGNED_IN, post=lambda w: {"step": "send", "phone": "0912 345 678"}, methods=BOTH),
]  # fmt: skip
