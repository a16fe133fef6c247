"""Digital Links of every other spelling and key, logistic units and places, and what this resolver says of itself."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import public
from cooperatives.public import sellers
from core import clock
from core.i18n import _
from storefront.scan import views as pages
from storefront.scan.resolver import answers
from storefront.scan.resolver.queries import TITLES
from storefront.scan.resolver.rules import JSON_LD, KEYS, VOC, Named, read_request, uncompressed
from traceability.gs1.syntax import dictionary
from traceability.gs1.syntax.rules import ALPHAS
from traceability.numbers.queries import place_at, unit_at

bp = Blueprint("resolver", __name__)
bp.after_request(answers.share)
BLUEPRINTS = [bp]
FIRST = sorted(
    {one.ai for one in dictionary.identifiers().values() if one.qualifiers is not None} | set(ALPHAS)
)


@public
def link(key: str, rest: str) -> ResponseReturnValue:
    """A Digital Link that has no page under its own spelling: a variant, an older name, another key, a wrong one."""
    named = read_request(
        current_app.config["BASE_URL"], answers.sent_path(), request.query_string.decode("latin-1")
    )
    instead = answers.resolve(named)
    if instead is not None:
        return instead
    page = make_response(_page_of(named))
    if page.status_code < 300:
        answers.point(page, named)
    return page


for _key in FIRST:  # a rule for each, so that no other address of ours is ever taken for one
    bp.add_url_rule(f"/{_key}/<path:rest>", "link", link, defaults={"key": _key}, methods=["GET"])


@bp.get("/<packed>")
@public
def packed(packed: str) -> ResponseReturnValue:
    """A Digital Link that is compressed whole; any other single word is no page of ours."""
    if uncompressed(f"/{packed}") is None:
        abort(404)
    return link("", packed)


def _page_of(named: Named) -> ResponseReturnValue:
    """The page of what is named: of the nearest level up the tree that has one."""
    if named.key == "00":
        return _unit(named.value("00"))
    if named.key == "414":
        return _place(named.value("414"))
    gtin, code, serial = named.value("01"), named.value("10"), named.value("21")
    if code:
        return pages.lot_page(gtin, code, serial)
    return pages.product_page(gtin)


def _unit(sscc: str) -> ResponseReturnValue:
    """A case or pallet: what is inside and where from; never for whom."""
    unit = unit_at(sscc)
    if unit is None:
        return answers.missing(_("Sổ của chợ không có kiện nào mang mã %(number)s.", number=sscc))
    seller = sellers({unit.cooperative_id})[unit.cooperative_id]
    return render_template("storefront/scan/unit.html", unit=unit, seller=seller, today=clock.today())


@bp.get("/units/<number>")
@public
def own_unit(number: str) -> ResponseReturnValue:
    """A case with the market's own number, which is none of GS1's and so no Digital Link."""
    return _unit(number.upper()[:20])


def _place(gln: str) -> ResponseReturnValue:
    """A numbered place: the cooperative's store."""
    place = place_at(gln)
    if place is None:
        return answers.missing(_("Sổ của chợ không có nơi nào mang mã %(number)s.", number=gln))
    seller = sellers({place.cooperative_id})[place.cooperative_id]
    return render_template("storefront/scan/place.html", place=place, seller=seller)


@bp.get("/.well-known/gs1resolver")
@public
def description() -> Response:
    """The resolver description file (resolver standard 1.2): who answers, for which keys, with which links."""
    base, owner = current_app.config["BASE_URL"], current_app.config["OWNER"]
    said: dict[str, Any] = {
        "name": "Chợ Phiên",
        "resolverRoot": base,
        "supportedPrimaryKeys": list(KEYS),
        "supportedLinkType": [{"namespace": VOC, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "supportsLanguageVariants": True,
        "validatesAIcombinations": True,
        "jsonldContext": base + answers.CONTEXT,
        "contact": {
            "fn": owner.name,
            "hasAddress": {"streetAddress": owner.address, "country-name": "Việt Nam"},
            "hasTelephone": f"tel:{owner.phone.replace(' ', '')}",
        },
        "termsOfUse": f"{base}/terms",
        "activeLinkTypes": {
            "vi": {f"gs1:{name}": {"title": title, "url": VOC + name} for name, title in TITLES.items()}
        },
    }
    return jsonify(said)


@bp.get(answers.CONTEXT)
@public
def context() -> Response:
    """How a linkset reads as JSON-LD (RFC 9264, appendix A, with GS1's vocabulary)."""
    text, form = "http://purl.org/dc/terms/title", "http://purl.org/dc/terms/format"
    answer = jsonify({"@context": {
        "@version": 1.1, "@vocab": VOC, "gs1": VOC, "linkset": "@graph", "anchor": "@id", "href": "@id",
        "itemDescription": "http://schema.org/description", "title": text, "type": form,
        "hreflang": {"@id": "http://purl.org/dc/terms/language", "@container": "@set"},
    }})  # fmt: skip
    answer.content_type = JSON_LD
    return answer
