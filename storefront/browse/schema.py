"""What a page says of itself to machines: schema.org data, and the title, words and picture that a chat shows.

Built from the same frozen values as the page, so that they cannot say different things; a test compares them. Numbers
for restricted circulation are no GTINs to anybody else and are left out (GS1 General Specifications 1.4).
Sources: schema.org Product, Offer, Organization, BreadcrumbList; Google's merchant listing documentation.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from catalog.public import PackView, PictureView, ProductPage
from catalog.rules import ean13
from config import Owner
from cooperatives.public import Seller
from core.i18n import _, language
from core.limits import limit
from storefront.browse.public import Offer

Data = dict[str, Any]
DESCRIPTION_MAX, SHARED_MAX = 5000, 155


@dataclass(frozen=True, slots=True)
class Shared:
    """How a link to a page looks in a chat.

    image: an absolute address; card: it is 1200 × 630. price_vnd: of goods, None elsewhere.
    """

    title: str
    words: str
    image: str
    card: bool = True
    kind: str = "website"
    price_vnd: int | None = None
    availability: str = ""


def absolute(path: str) -> str:
    """A path of ours as an address."""
    return f"{current_app.config['BASE_URL']}{path}"


def spoken(path: str) -> str:
    """An absolute address in the reader's language."""
    joint = "&" if "?" in path else "?"
    return absolute(path if language() == "vi" else f"{path}{joint}hl={language()}")


def script(*things: Data) -> Markup:
    """One data block for the head. It is data, not script: the content security policy has nothing to allow."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))


def cut(text: str, most: int = SHARED_MAX) -> str:
    """The beginning of a text, cut at a word."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0].rstrip(" ,.;") + "…"


def crumbs(*steps: tuple[str, str]) -> Data:
    """The way from the home page: (text, path in the reader's language)."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def organisation(seller: Seller) -> Data:
    """The cooperative that sells, as its page states it."""
    address = {"@type": "PostalAddress", "streetAddress": seller.address, "addressRegion": seller.province,
               "addressCountry": "VN"}  # fmt: skip
    made: Data = {
        "@type": "Organization", "@id": absolute(f"/cooperatives/{seller.slug}#seller"), "name": seller.name,
        "url": spoken(f"/cooperatives/{seller.slug}"), "address": address, "telephone": seller.phone,
        "identifier": seller.registration_number,
    }  # fmt: skip
    if seller.email:
        made["email"] = seller.email
    if seller.founded_year:
        made["foundingDate"] = str(seller.founded_year)
    return made


def market() -> list[Data]:
    """The market itself, and how it is searched."""
    owner: Owner = current_app.config["OWNER"]
    return [
        {"@type": "Organization", "@id": absolute("/#owner"), "name": "Chợ Phiên", "legalName": owner.name,
         "url": absolute("/"), "logo": absolute("/static/img/icon-512.png"), "telephone": owner.phone,
         "email": owner.email, "address": owner.address},
        {"@type": "WebSite", "name": "Chợ Phiên", "url": spoken("/"), "inLanguage": language(),
         "publisher": {"@id": absolute("/#owner")},
         "potentialAction": {"@type": "SearchAction", "query-input": "required name=q",
                             "target": {"@type": "EntryPoint", "urlTemplate": spoken("/products") + (
                                 "?q={q}" if language() == "vi" else "&q={q}")}}},
    ]  # fmt: skip


def images(page: ProductPage, card: str | None) -> list[str]:
    """Pictures that machines can read: photos as JPEG, else the card; our drawings are no photographs of the goods."""
    found = [absolute(one.jpeg) for one in page.pictures if _is_photo(one)]
    return found or ([absolute(f"/media/{card}")] if card else [])


def _is_photo(picture: PictureView) -> bool:
    return not picture.illustration and bool(picture.jpeg)


def full_name(offer: Offer) -> str:
    """The goods as the page's heading names them."""
    return f"{offer.page.name}, {offer.pack.label}"


def product(offer: Offer) -> Data:
    """The pack that the page shows, and its offer. Prices are whole đồng, with tax, without delivery."""
    page, pack = offer.page, offer.pack
    address = spoken(f"/products/{page.slug}")
    made: Data = {
        "@type": "Product", "@id": absolute(f"/products/{page.slug}#pack-{pack.id}"), "name": full_name(offer),
        "description": cut(page.story, DESCRIPTION_MAX), "url": address, "sku": f"CP-{pack.id}",
        "brand": {"@type": "Brand", "name": offer.seller.name},
        "countryOfOrigin": {"@type": "Country", "name": "VN"}, "offers": _offer(offer, address),
    }  # fmt: skip
    if pictures := images(page, page.card_file):
        made["image"] = pictures
    if page.category:
        made["category"] = page.category.title
    if pack.band:
        made["weight"] = {"@type": "QuantitativeValue", "minValue": pack.band.min_g, "maxValue": pack.band.max_g,
                          "unitCode": "GRM"}  # fmt: skip
    if not pack.restricted:
        made["gtin13"] = ean13(pack.gtin)
    if page.rating_count:
        made["aggregateRating"] = {
            "@type": "AggregateRating", "ratingValue": f"{page.rating_sum / page.rating_count:.1f}",
            "reviewCount": page.rating_count, "bestRating": 5, "worstRating": 1,
        }  # fmt: skip
    return made


def availability(pack: PackView) -> str:
    """InStock, PreOrder where every piece is still to be made, OutOfStock; names of schema.org."""
    if not pack.available:
        return "OutOfStock"
    return "PreOrder" if pack.promised == pack.available else "InStock"


def _offer(offer: Offer, address: str) -> Data:
    returns = {
        "@type": "MerchantReturnPolicy", "applicableCountry": "VN", "merchantReturnDays": limit("return_days"),
        "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
        "merchantReturnLink": spoken("/returns"), "returnMethod": "https://schema.org/ReturnByMail",
    }  # fmt: skip
    made: Data = {
        "@type": "Offer", "url": address, "price": str(offer.pack.price_vnd), "priceCurrency": "VND",
        "availability": f"https://schema.org/{availability(offer.pack)}",
        "itemCondition": "https://schema.org/NewCondition", "seller": organisation(offer.seller),
        "hasMerchantReturnPolicy": returns,
    }  # fmt: skip
    if (band := offer.pack.band) is not None:  # weighed at packing: the price is what is prepaid, at most
        made["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "price": str(band.price_per_kg_vnd),
            "priceCurrency": "VND",
            "referenceQuantity": {"@type": "QuantitativeValue", "value": 1, "unitCode": "KGM"},
        }
        made["description"] = offer.pack.weighed_text
    if availability(offer.pack) == "PreOrder" and offer.pack.promised_on:
        made["availabilityStarts"] = offer.pack.promised_on.isoformat()
    return made


def product_script(offer: Offer) -> Markup:
    """The data block of a product's page: the goods, the offer, the way there."""
    page = offer.page
    hl = "" if language() == "vi" else f"?hl={language()}"
    steps = [(_("Chợ"), f"/{hl}")]
    if page.category:
        steps.append((page.category.title, page.category.href))
    steps.append((full_name(offer), f"/products/{page.slug}{hl}"))
    return script(product(offer), crumbs(*steps))


def product_shared(offer: Offer) -> Shared:
    """A product in a chat."""
    page = offer.page
    photos = images(page, None)
    image = absolute(f"/media/{page.card_file}") if page.card_file else (photos[0] if photos else _default())
    is_card = bool(page.card_file) or not photos
    words = cut(f"{offer.seller.name}. {page.story}")
    return Shared(
        full_name(offer), words, image, is_card, "product", offer.pack.price_vnd, availability(offer.pack)
    )


def _default() -> str:
    return absolute("/static/img/card.jpg")


def seller_script(seller: Seller) -> Markup:
    """The data block of a cooperative's page."""
    hl = "" if language() == "vi" else f"?hl={language()}"
    way = crumbs((_("Chợ"), f"/{hl}"), (_("Người bán"), f"/cooperatives{hl}"),
                 (seller.name, f"/cooperatives/{seller.slug}{hl}"))  # fmt: skip
    return script(organisation(seller), way)


def seller_shared(seller: Seller) -> Shared:
    """A cooperative in a chat."""
    return Shared(seller.name, cut(seller.story) or seller.name, _default())


def market_shared() -> Shared:
    """The market in a chat."""
    words = _(
        "Chợ của các hợp tác xã vùng cao: tinh dầu, miến dong, nấm, trà, thổ cẩm. "
        "Món nào cũng ghi ai làm ra và tiền về tay ai."
    )
    return Shared("Chợ Phiên", words, _default())


def market_script() -> Markup:
    """The data block of the home page; it hangs on settings and language alone."""
    return _market_script(language(), current_app.config["BASE_URL"], current_app.config["OWNER"])


@lru_cache(maxsize=16)
def _market_script(_language: str, _base_url: str, _owner: Owner) -> Markup:
    return script(*market())
