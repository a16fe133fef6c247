"""Who may open the pages of rails: providers prove themselves by a signature."""

from tests.routes.row import ANYBODY, Row

BOTH = ("GET", "POST")

ROWS = [
    # Anybody may knock; without an account behind the number it is 404, without a fitting signature 400.
    Row("rails.notify", ANYBODY, own=lambda w: {"rail": "stripe", "account_id": 1},
        foreign=lambda w: {"rail": "stripe", "account_id": 99}, page=False, methods=BOTH),
]  # fmt: skip
