"""Which pages we have for what an address names, from the nearest level up to the key."""

from collections.abc import Iterator

from flask_babel import force_locale
from sqlalchemy import select

from catalog.certificates.queries import covers
from catalog.models import Certificate
from catalog.queries import PackFact, pack_by_gtin
from cooperatives.public import Seller, sellers
from core.db import db
from core.i18n import N_, _
from storefront.scan.resolver.rules import Level, Named, Target, path_of
from traceability.models import Lot
from traceability.numbers.queries import place_at, unit_at

LANGUAGES = ("vi", "en")
PIP, TRACE = N_("Giới thiệu món hàng"), N_("Nguồn gốc, đường đi")
RECALL, PAPERS = N_("Có bị thu hồi không"), N_("Giấy tờ, chứng nhận")
RETAILERS, LOGISTICS = N_("Nơi bán"), N_("Bên trong kiện có gì")
PLACE, HOME = N_("Nơi này ở đâu"), N_("Gian hàng của hợp tác xã")
TITLES = {
    "pip": PIP, "traceability": TRACE, "recallStatus": RECALL, "certificationInfo": PAPERS, "hasRetailers": RETAILERS,
    "logisticsInfo": LOGISTICS, "locationInfo": PLACE, "homepage": HOME,
}  # fmt: skip


def _both(link_type: str, path: str) -> Iterator[Target]:
    """A link to a page of ours in each language it speaks."""
    for name in LANGUAGES:
        with force_locale(name):
            yield Target(link_type, path, _(TITLES[link_type]), name)


def _targets(*wanted: tuple[str, str]) -> tuple[Target, ...]:
    return tuple(one for link_type, path in wanted for one in _both(link_type, path))


def levels_of(named: Named) -> list[Level] | None:
    """The levels that have pages, the nearest first; None where we hold nothing of that name.

    Qualifiers that we give no pages of their own (a serial, a variant) inherit from the level above.
    """
    if named.key == "00":
        unit = unit_at(named.value("00"))
        path = path_of([("00", named.value("00"))])
        said = _("Kiện hàng %(number)s", number=named.value("00"))
        return (
            [Level(path, said, _targets(("logisticsInfo", path), ("traceability", path)))] if unit else None
        )
    if named.key == "414":
        place = place_at(named.value("414"))
        path = path_of([("414", named.value("414"))])
        if place is None:
            return None
        shop = _shop(place.cooperative_id)
        return [Level(path, place.name, _targets(("locationInfo", path), ("homepage", shop)))]
    return _of_goods(named.value("01"), named.value("10"))


def _shop(cooperative_id: int) -> str:
    return f"/cooperatives/{sellers({cooperative_id})[cooperative_id].slug}"


def _of_goods(gtin: str, code: str) -> list[Level] | None:
    pack = pack_by_gtin(gtin)
    if pack is None:
        return None
    seller = sellers({pack.cooperative_id})[pack.cooperative_id]
    item = _trade_item(gtin, pack, seller)
    if not code:
        return [item]
    lot = db.session.execute(
        select(Lot.id).where(Lot.cooperative_id == pack.cooperative_id, Lot.code == code,
                             Lot.product_id == pack.product_id)
    ).first()  # fmt: skip
    if lot is None:
        return None
    path = path_of([("01", gtin), ("10", code)])
    papers = [("certificationInfo", f"{path}#h-papers")] if _has_papers(pack) else []
    named = f"{item.description}, {_('lô %(code)s', code=code)}"
    return [Level(path, named, _targets(("traceability", path), ("recallStatus", path), *papers)), item]


def _trade_item(gtin: str, pack: PackFact, seller: Seller) -> Level:
    path = path_of([("01", gtin)])
    shown = f"/products/{pack.slug}"
    links = [("traceability", path), ("recallStatus", path), ("hasRetailers", f"/cooperatives/{seller.slug}")]
    if pack.on_sale:
        links.insert(0, ("pip", shown))
        links += [("certificationInfo", shown)] if _has_papers(pack) else []
    return Level(path, f"{pack.product_name}, {pack.label}", _targets(*links))


def _has_papers(pack: PackFact) -> bool:
    """Whether the pages of these goods show a paper."""
    of_it = Certificate.cooperative_id == pack.cooperative_id, covers(pack.product_id)
    found = select(Certificate.id).where(*of_it).limit(1)
    return db.session.execute(found).first() is not None
