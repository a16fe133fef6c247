"""What a buyer's browser meets: a partner's card page, the script that stands in for Stripe's, the bank's 3-D Secure.

The page is the partner's and the script Stripe's: of both only our side of the agreement is tried here (that the intent
and its secret arrive behind the `#`, that confirming, refusing and proving lead back). See `pages/stripe.js`.
"""

from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.stripe_server.desk import Desk, Refused
from tests.stripe_server.objects import Plain

PUBLIC_KEY = "Bearer pk_test_chophien"
PAGES = Path(__file__).parent / "pages"
FILES = {
    "/card": ("card.html", "text/html; charset=utf-8"),
    "/card/card.js": ("card.js", "text/javascript"),
    "/card/stripe.js": ("stripe.js", "text/javascript"),
}
ASKS = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Ngân hàng</title><main><h1>Ngân hàng hỏi: có phải bạn trả không?</h1>
<form method="post"><button name="how" value="3ds_ok">Phải</button>
<button name="how" value="3ds_fail">Không phải</button></form></main></html>"""


def shown(path: str) -> tuple[str, str] | None:
    """A page or script for the browser: its text and type; None for what is Stripe's interface."""
    if path in FILES:
        name, kind = FILES[path]
        return (PAGES / name).read_text(encoding="utf-8"), kind
    if path.startswith("/redirect/"):
        return ASKS, "text/html; charset=utf-8"
    return ("", "image/x-icon") if path == "/favicon.ico" else None


def confirm(desk: Desk, number: str, params: Plain, host: str) -> Plain:
    """The script confirms an intent with a card of Stripe's test numbers; it must know the intent's secret."""
    held = desk.get(number)
    if params.get("client_secret") != held["client_secret"]:
        raise Refused(400, "invalid_request_error", "payment_intent_invalid_parameter")
    ways = {"pm_card_visa": "success", "pm_card_authenticationRequired": "3ds"}
    desk.door = host
    desk.card_page(number, ways.get(params["payment_method"], "decline"))
    if held["status"] == "requires_payment_method":
        raise Refused(402, "card_error", "card_declined", "Thẻ bị từ chối.")
    return held


def proved(desk: Desk, path: str, body: str) -> str:
    """The buyer answered their bank; where they go back to, with what Stripe appends to the address."""
    number = urlsplit(path).path.removeprefix("/redirect/")
    held = desk.get(number)
    back = held["next_action"]["redirect_to_url"]["return_url"]
    how = parse_qs(body)["how"][0]
    desk.card_page(number, how)
    told = {
        "payment_intent": number, "payment_intent_client_secret": held["client_secret"],
        "redirect_status": "succeeded" if how == "3ds_ok" else "failed",
    }  # fmt: skip
    return f"{back}{'&' if '?' in back else '?'}{urlencode(told)}"
