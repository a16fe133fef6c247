"""Who may open the pages of paying over a rail: whoever has the order's own unguessable link."""

from tests.routes.row import ANYBODY, Row
from tests.routes.storefront_checkout import BOTH, POST, _guess, _token

ROWS = [
    Row("paying.returned", ANYBODY, own=_token, foreign=_guess, page=False),  # an unpaid transfer leads to its code
    Row("paying.ask", ANYBODY, own=_token, foreign=_guess, post=lambda w: {}, page=False, methods=POST),
    Row("paying.again", ANYBODY, own=_token, foreign=_guess, post=lambda w: {}, page=False, methods=POST),
    Row("paying.way", ANYBODY, own=_token, foreign=_guess, methods=BOTH),
]  # fmt: skip
