"""GS1 Digital Link paths and the finder for codes that are typed. Public: no session, no cookie, no token."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import public
from core import clock
from core.db import db
from core.i18n import _, language
from core.text import clean
from storefront.scan import queries
from storefront.scan.openings.operations import note
from storefront.scan.openings.rules import Opening
from storefront.scan.resolver.answers import resolved, share
from storefront.scan.rules import Verdict
from traceability.gs1.scanned import TYPED_MAX, understand

bp = Blueprint("scan", __name__)
bp.after_request(share)
BLUEPRINTS = [bp]


@bp.get("/01/<gtin>", endpoint="product")
@bp.get("/01/<gtin>/21/<serial>", endpoint="product_serial")
@public
@resolved
def product(gtin: str, serial: str = "") -> ResponseReturnValue:
    """A pack without its lot: what it is, and its lots to choose from. `resolved` lets right numbers through alone."""
    return product_page(gtin)


def product_page(gtin: str) -> ResponseReturnValue:
    """The page of a trade item of 14 digits, or that nobody sells it here."""
    found = queries.goods(gtin)
    if found is None:
        return _unknown(_nobodys(gtin), gtin)
    return render_template("storefront/scan/product.html", scanned=found, today=clock.today())


@bp.get("/01/<gtin>/10/<lot>", endpoint="lot")
@bp.get("/01/<gtin>/10/<lot>/21/<serial>", endpoint="lot_serial")
@public
@resolved
def lot(gtin: str, lot: str, serial: str = "") -> ResponseReturnValue:
    """One lot of one pack: where it comes from and whom its price reached."""
    return lot_page(gtin, lot, serial)


def lot_page(gtin: str, code: str, serial: str) -> ResponseReturnValue:
    """The page of a lot, or what its number and code may mean."""
    found = queries.scan(gtin, code, clean(serial)[:20].upper())
    if found is None:
        known = queries.goods(gtin)
        text = (
            _("Có món này, nhưng sổ không có lô %(code)s của nó.", code=clean(code)[:20])
            if known
            else _nobodys(gtin)
        )
        return _unknown(text, gtin, code, known)
    page = render_template("storefront/scan/lot.html", scanned=found, origin=found.origin, Verdict=Verdict,
                           Opening=Opening, today=clock.today(), has_proof=_has_proof(found.leaves),
                           quorum=current_app.config["LOG_WITNESS_QUORUM"])  # fmt: skip
    if request.method == "GET":
        note(found.lot_id, found.serial)
    return page


def _has_proof(leaves: int) -> bool:
    """Whether the log hands out what proves a lot. The page reads the same without it."""
    return leaves > 0 and {"log.pack", "log.lot_evidence"} <= current_app.view_functions.keys()


@bp.get("/scan")
@public
def find() -> ResponseReturnValue:
    """Type what stands under the bars or beside “Lô”."""
    given = request.args.get("code", "")[:TYPED_MAX]
    typed = clean(given)
    if not typed:
        return render_template("storefront/scan/find.html", typed="", lots=[], problem="")
    read = understand(given)  # as it came: a scanner's FNC1 is a control character
    if read is None:
        problem = _(
            "Chưa đọc được “%(typed)s”. Gõ 13 chữ số dưới mã vạch, hoặc mã sau chữ “Lô”.", typed=typed[:40]
        )
        return render_template("storefront/scan/find.html", typed=typed, lots=[], problem=problem), 404
    if read.unit and read.unit.isdecimal():
        return redirect(f"/00/{read.unit}")
    if read.unit:
        return redirect(url_for("resolver.own_unit", number=read.unit))
    if read.gtin and read.lot and read.serial:
        return redirect(url_for("scan.lot_serial", gtin=read.gtin, lot=read.lot, serial=read.serial))
    if read.gtin and read.lot:
        return redirect(url_for("scan.lot", gtin=read.gtin, lot=read.lot))
    if read.gtin:
        return redirect(url_for("scan.product", gtin=read.gtin))
    return _by_lot(typed, read.lot or "")


def _by_lot(typed: str, code: str) -> ResponseReturnValue:
    lots = queries.lots_named(code)
    if len(lots) == 1:
        return redirect(url_for("scan.lot", gtin=lots[0].gtin, lot=lots[0].code))
    problem = (
        ""
        if lots
        else _("Sổ không có lô %(code)s. Xem lại từng chữ, hoặc gõ thêm số dưới mã vạch.", code=code)
    )
    page = render_template(
        "storefront/scan/find.html", typed=typed, lots=lots, problem=problem, today=clock.today()
    )
    return page, 200 if lots else 404


def _nobodys(number: str) -> str:
    if number.startswith("02"):
        return _(
            "Mã vạch bắt đầu bằng 2 là mã nội bộ. Mã %(number)s không do chợ này cấp.", number=number[1:]
        )
    return str(_("Chợ không bán món nào có mã vạch %(number)s.", number=number.lstrip("0")))


def _unknown(text: str, gtin: str, lot: str = "", known: object = None) -> ResponseReturnValue:
    """Plainly: not in the book; what that may mean, and what to do."""
    db.session.rollback()
    typed = f"{clean(gtin)[:20]} {clean(lot)[:20]}".strip()
    return render_template(
        "storefront/scan/unknown.html", text=text, typed=typed, known=known, lang=language()
    ), 404
