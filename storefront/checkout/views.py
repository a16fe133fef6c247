"""Cart and the three steps of ordering, one purpose a page."""

import secrets
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from accounts.access import visitor
from core import clock
from core.db import transaction
from core.errors import Conflict, DomainError, FormErrors, Invalid, NotFound, TooMany
from core.forms import Form
from core.i18n import N_, _, language
from core.once import allow_attempt
from orders import queries as orders
from orders.carts import operations as carts
from orders.carts import queries as cart_queries
from orders.invoices.rules import Invoice, checked
from orders.links.operations import remember_source
from orders.links.rules import COOKIE_DAYS, code_in
from orders.operations import Buyer, Wanted
from orders.queries import Placed
from orders.rules import COLLECTED, HOLD_MINUTES, METHOD_TEXT, Method, local_phone, parse_quantity
from payments.attempts.opening import open_purchase
from payments.operations import check_out
from payments.providers.protocol import NOBODY
from places import queries as places
from storefront.checkout import queries
from storefront.checkout.forms import (
    GiftForm,
    InvoiceForm,
    ReviewForm,
    VoucherForm,
    WhereForm,
    how_form,
)
from storefront.checkout.mine import views as mine
from storefront.checkout.paying import views as paying
from storefront.checkout.queries import Basket
from storefront.checkout.rules import CART_DAYS, Draft
from storefront.checkout.tracking import views as tracking

bp = Blueprint("checkout", __name__)
VOUCHER_TRIES = 40  # a village may stand behind one address


def _token() -> str | None:
    return request.cookies.get("cart")


def _with_count(response: Response, token: str | None) -> Response:
    """Put the number of packs into the cookie that the pages' script reads."""
    pieces = min(999, cart_queries.count(token))
    seconds = CART_DAYS * 24 * 3600
    response.set_cookie("cart_n", str(pieces), max_age=seconds, samesite="Lax", secure=request.is_secure)
    return response


def _to(endpoint: str, **args: Any) -> Response:
    return make_response(redirect(url_for(endpoint, **args), 303))


def _basket(draft: Draft) -> Basket:
    cart = cart_queries.cart_view(_token(), clock.today())
    return queries.basket(cart, draft.commune_id, draft.voucher, draft.phone)


# --- cart


@bp.get("/cart")
@visitor
def cart() -> ResponseReturnValue:
    """What lies in the cart, with today's prices and stock."""
    return _cart_page(VoucherForm(formdata=None, data={"voucher": _draft().voucher}))


def _cart_page(form: VoucherForm, status: int = 200) -> Response:
    page = render_template(
        "storefront/checkout/cart.html", basket=_basket(_draft()), form=form, placed=_placed()
    )
    return _with_count(make_response(page, status), _token())


@bp.post("/cart/voucher")
@visitor
def voucher() -> ResponseReturnValue:
    """Keep a code for this order if it takes something off now; take it out again."""
    draft, form = _draft(), VoucherForm()
    if request.form.get("remove"):
        draft.voucher = ""
        _keep(draft)
        return _to("checkout.cart")
    if form.validate_on_submit() and _may_try(form):
        tried = replace(draft, voucher=form.voucher.data)
        found = _basket(tried).voucher
        if found is None or not found.refusal:
            _keep(tried)
            return _to("checkout.cart", _anchor="voucher")
        form.voucher.errors = [found.refusal]
    return _cart_page(form, 422)


def _may_try(form: VoucherForm) -> bool:
    """Codes are not for guessing: so many an hour from one address; said beside the field, the cart stays."""
    try:
        with transaction():
            allow_attempt(
                "voucher-from", request.remote_addr or "", most=VOUCHER_TRIES, within=timedelta(hours=1)
            )
    except TooMany as error:
        form.voucher.errors = [f"{_(error.message, **error.params)} {_(error.remedy, **error.params)}"]
        return False
    return True


def _placed() -> str | None:
    """The tracking token of the order just placed, for an empty cart reached by the back button."""
    token = session.get("placed")
    return token if isinstance(token, str) else None


@bp.post("/cart")
@visitor
def add() -> ResponseReturnValue:
    """Put a pack into the cart. Comes from public pages, so it is guarded by its origin, not by a token."""
    pack_id = request.form.get("pack_id", "")
    if not pack_id.isdecimal() or len(pack_id) > 18:
        raise NotFound(N_("Món này không còn bán."), remedy=N_("Tìm món khác trong chợ."))
    quantity = parse_quantity(request.form.get("quantity", "1"))
    with transaction():
        token = carts.add(_token(), int(pack_id), quantity)
    if request.accept_mimetypes.best == "application/json":
        response = make_response({"count": cart_queries.count(token)})
    else:
        flash(_("Đã cho vào giỏ."))
        response = _to("checkout.cart")
    response.set_cookie(
        "cart", token, max_age=CART_DAYS * 24 * 3600, httponly=True, samesite="Lax", secure=request.is_secure
    )
    _remember_way(response)
    return _with_count(response, token)


def _remember_way(response: Response) -> None:
    """By which short link the visitor came, read from the form's own address: kept only now that somebody buys."""
    if code := code_in(request.referrer or "", request.host):
        seconds = COOKIE_DAYS * 24 * 3600
        response.set_cookie(
            "via", code, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure
        )


@bp.post("/cart/<int:pack_id>")
@visitor
def change(pack_id: int) -> ResponseReturnValue:
    """Set a line's quantity; 0 takes it out."""
    try:
        quantity = 0 if request.form.get("remove") else parse_quantity(request.form.get("quantity", ""))
    except Invalid as error:
        flash(f"{_(error.message, **error.params)} {_(error.remedy)}", "bad")
        return _to("checkout.cart")
    with transaction():
        carts.set_quantity(_token(), pack_id, quantity)
    return _with_count(_to("checkout.cart"), _token())


@bp.post("/cart/prices")
@visitor
def accept_prices() -> ResponseReturnValue:
    """The visitor agrees to the new prices."""
    with transaction():
        carts.accept_prices(_token())
    return _to("checkout.cart")


# --- the steps


def _draft() -> Draft:
    return Draft.read(session.get("checkout"))


def _keep(draft: Draft) -> None:
    session["checkout"] = draft.stored()


def _started(form: Form) -> Draft:
    """The draft of this session, or the one the form carries when the session was lost. It always has a key."""
    draft = _draft()
    carried = form.carry.data
    if not draft.key and isinstance(carried, Draft):
        draft = carried
    draft.key = draft.key or secrets.token_urlsafe(16)
    return draft


def _page(name: str, form: Form, basket: Basket, status: int = 200, **more: object) -> ResponseReturnValue:
    return render_template(f"storefront/checkout/{name}.html", form=form, basket=basket, **more), status


def _status(form: Form) -> int:
    return 422 if form.is_submitted() else 200


def _not_ready(basket: Basket) -> Response | None:
    """Back to the cart when there is nothing to order, or something in it cannot be had."""
    return _to("checkout.cart") if not basket.cart.groups or basket.cart.blocked else None


@bp.get("/checkout")
@visitor
def start() -> ResponseReturnValue:
    """On to the first step not answered yet."""
    draft = _draft()
    missing = draft.missing(_basket(draft).seller_ids)
    return _to(f"checkout.{missing or 'review'}")


@bp.route("/checkout/where", methods=["GET", "POST"])
@visitor
def where() -> ResponseReturnValue:
    """Who receives the parcel, and where?"""
    said = _draft()
    form = WhereForm(data={name: getattr(said, name) for name in ("name", "phone", "place", "address_line")})
    draft = _started(form)
    if form.validate_on_submit() and form.commune is not None:
        draft.name, draft.phone = form.name.data, form.phone.data
        draft.commune_id, draft.address_line = form.commune.id, form.address_line.data
        draft.place = places.place_name(form.commune.id).full
        _keep(draft)
        return _to("checkout.start" if request.args.get("edit") else "checkout.how")
    if back := _not_ready(basket := _basket(draft)):
        return back
    form.carry.data = draft
    return _page("where", form, basket, _status(form))


@bp.route("/checkout/how", methods=["GET", "POST"])
@visitor
def how() -> ResponseReturnValue:
    """How is each order paid?"""
    draft = _draft()
    basket = _basket(draft)
    offers = queries.can_transfer(basket.seller_ids)
    chosen = {f"method_{seller}": method for seller, method in draft.methods.items()}
    rails = queries.rails()
    form = how_form(basket.cart.groups, offers, rails.up, data=chosen | {"note": draft.note})
    commune_id, draft = draft.commune_id, _started(form)
    if draft.commune_id != commune_id:
        basket = _basket(draft)
    if back := _not_ready(basket):
        return back
    if draft.missing([]):
        return _to(f"checkout.{draft.missing([])}")
    if form.validate_on_submit():
        draft.methods = {str(seller): form[f"method_{seller}"].data for seller in basket.seller_ids}
        draft.note = form.note.data or ""
        _keep(draft)
        return _to("checkout.review")
    form.carry.data = draft
    return _page("how", form, basket, _status(form), rails=rails)


@bp.route("/checkout/gift", methods=["GET", "POST"])
@visitor
def gift() -> ResponseReturnValue:
    """A card that goes into the parcel; left empty, none does."""
    form = GiftForm(data={"gift_note": _draft().gift_note})
    draft = _started(form)
    if form.validate_on_submit():
        draft.gift_note = "" if request.form.get("remove") else form.gift_note.data or ""
        _keep(draft)
        return _to("checkout.start")
    if back := _not_ready(basket := _basket(draft)):
        return back
    form.carry.data = draft
    return _page("gift", form, basket, _status(form))


@bp.route("/checkout/invoice", methods=["GET", "POST"])
@visitor
def invoice() -> ResponseReturnValue:
    """Who stands on the invoice, for those who need one."""
    form = InvoiceForm(data={f"invoice_{name}": said for name, said in _draft().invoice.items()})
    draft = _started(form)
    if form.validate_on_submit():
        if request.form.get("remove"):
            draft.invoice = {}
            _keep(draft)
            return _to("checkout.start")
        if form.accepts(lambda: checked(form.asked())):
            draft.invoice = asdict(checked(form.asked()))
            _keep(draft)
            return _to("checkout.start")
    if back := _not_ready(basket := _basket(draft)):
        return back
    form.carry.data = draft
    return _page("invoice", form, basket, _status(form))


@bp.route("/checkout/review", methods=["GET", "POST"])
@visitor
def review() -> ResponseReturnValue:
    """Check everything, then order. What the page carried counts, since that is what the buyer read."""
    form = ReviewForm()
    carried = form.carry.data if form.is_submitted() else None
    draft = carried if isinstance(carried, Draft) and carried.key else _draft()
    if form.is_submitted() and draft.key and (done := orders.placed(draft.key)):
        return _placed_page(done)
    basket = _basket(draft)
    if back := _not_ready(basket):
        return back
    if missing := draft.missing(basket.seller_ids):
        _keep(draft)
        return _to(f"checkout.{missing}")
    changed = None
    if form.validate_on_submit():
        try:
            return _place(form, draft, basket)
        except (Conflict, FormErrors, Invalid, NotFound) as error:
            changed, basket = error, _basket(draft)
    return _review_page(form, draft, basket, changed)


def _review_page(
    form: ReviewForm, draft: Draft, basket: Basket, changed: DomainError | None
) -> ResponseReturnValue:
    """The review with today's prices; after a refusal, with what changed on top."""
    if back := _not_ready(basket):
        if changed:
            flash(_(changed.message, **changed.params), "bad")
        return back
    if changed:
        form.take(changed)
    said = basket.voucher
    form.carry.data = draft if said is None or not said.refusal else replace(draft, voucher="")
    form.total.data = str(basket.total_vnd)
    form.prices.data = ",".join(f"{line.pack.pack_id}:{line.pack.price_vnd}" for line in basket.cart.lines)
    status = changed.status if changed else _status(form)
    return _page("review", form, basket, status, draft=draft, changed=changed,
                 notes=queries.goods_notes(basket.cart), phone=local_phone(draft.phone), hold=HOLD_MINUTES,
                 METHOD_TEXT=METHOD_TEXT)  # fmt: skip


def _place(form: ReviewForm, draft: Draft, basket: Basket) -> Response:
    seen = form.agreed_prices()
    lines = [
        Wanted(line.pack.pack_id, line.quantity, seen.get(line.pack.pack_id, -1))
        for line in basket.cart.lines
    ]
    buyer = Buyer(draft.name, draft.phone, draft.commune_id or 0, draft.address_line, draft.note, language(),
                  draft.voucher, draft.gift_note, Invoice(**draft.invoice) if draft.invoice else None)  # fmt: skip
    method = {seller: Method(draft.methods[str(seller)]) for seller in basket.seller_ids}
    token = _token()
    with transaction():
        purchase = check_out(
            draft.key, buyer, lines, method, cart_token=token, agreed_total_vnd=form.agreed_total()
        )
        remember_source(purchase.id, request.cookies.get("via"))
        answer = _with_count(_placed_page(orders.placed(draft.key)), token)
        purchase_id = purchase.id
    if not COLLECTED.isdisjoint(method.values()):
        # What was agreed is written; only now is somebody else's machine asked.
        open_purchase(purchase_id, request.remote_addr or NOBODY)
    return answer


def _placed_page(made: list[Placed]) -> Response:
    """Where an order just placed goes on: paying the first that waits for a transfer, else following it."""
    first = next((one for one in made if one.waits), made[0])
    session.pop("checkout", None)
    session["placed"] = made[0].token
    if first.waits:
        return _to("tracking.pay", token=first.token)
    return _to("tracking.order", token=first.token, new="1")


BLUEPRINTS = [bp, tracking.bp, paying.bp, mine.bp]
LINKS = mine.LINKS
CSRF_EXEMPT = [add]
