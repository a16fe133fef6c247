"""An invented shop of any size: goods, sellers, papers and stories as highland shops have them, by a fixed seed.

A few kinds of goods are most of it, as in a real shop: names, details and places are drawn by Zipf's law, stories are
written of the shop's own words (`benchmarks.search.words`). Rows are written in bulk, not through the verbs: only what
pages and search read is made.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from accounts.models import Organisation, User
from benchmarks.search.words import Writer, zipf
from catalog.models import Category, Certificate, Pack, Photo, Product
from catalog.rules import restricted_gtin
from cooperatives.models import Cooperative, SettlementTerms
from core import clock
from core.db import db, transaction
from core.text import fold
from places.models import Unit

SLICE = 2_000
PRODUCTS_EACH = 330  # of a cooperative, where there are many
GOODS = json.loads(Path(__file__).with_name("goods.json").read_text(encoding="utf-8"))
KINDS, DETAILS = GOODS["kinds"], GOODS["details"]
SELLERS = ("Hương Rừng", "Tân Tiến", "Bản Mẫu", "Đồng Tâm", "Mây Trắng", "Suối Trong", "Nà Ngần", "Khuổi Mẫu",
           "Minh Tâm", "Đại Đoàn Kết", "Thắng Lợi", "Sơn Cước", "Bình Minh", "Quyết Tiến", "Hoa Ban")  # fmt: skip
TRADITIONS = ("Tày", "Nùng", "Dao", "Mông", "M'Nông", "Ê-đê", "Thái", "Tày, Nùng", "Mường")
PRICES = (35, 55, 65, 75, 95, 120, 180, 260, 450, 620)  # thousand đồng


@dataclass(frozen=True, slots=True)
class Seller:
    """A cooperative: its id, its commune and what that is called."""

    id: int
    commune_id: int
    place: str


class Shop:
    """Invents one product after another."""

    def __init__(self, random: Random, sellers: Sequence[Seller], places: Sequence[str]) -> None:
        kinds = select(Category.slug, Category.id, Category.illustration)
        self.random, self.sellers, self.writer = random, sellers, Writer(random, places)
        self.categories = {slug: rest for slug, *rest in db.session.execute(kinds).tuples()}
        self.weights = [kind["weight"] for kind in KINDS]
        self.now = clock.now()

    def name(self, names: Sequence[str], place: str) -> str:
        """ "Miến dong sạch Na Rì": goods, at most two details, at times the place."""
        random = self.random
        parts = [zipf(random, names)]
        parts += [zipf(random, DETAILS) for _number in range(random.choices((0, 1, 2), (35, 50, 15))[0])]
        parts += [place] if random.random() < 0.4 else []
        return " ".join(dict.fromkeys(parts))

    def product(self, product_id: int, number: int, minutes_ago: int) -> dict[str, list[dict[str, Any]]]:
        """The rows of one product, by table: product, packs, photo, papers."""
        random = self.random
        kind, seller = random.choices(KINDS, self.weights)[0], random.choice(self.sellers)
        category_id, drawing = self.categories[kind["category"]]
        name = self.name(kind["names"], seller.place)
        stars = random.choice((None, None, None, 3, 3, 4, 5))
        published = self.now - timedelta(minutes=minutes_ago)
        rated = max(0, int(random.expovariate(0.2)) - 4)
        product = {
            "id": product_id, "key": f"bench-{number}", "slug": f"bench-{number}", "cooperative_id": seller.id,
            "name": name, "name_folded": fold(name), "category_id": category_id, "story": self.writer.story(),
            "ingredients": f"{kind['names'][0]} 100 %", "usage": self.writer.sentence(),
            "origin_commune_id": seller.commune_id, "state": "published", "ocop_stars": stars, "rating_count": rated,
            "rating_sum": rated * random.choice((4, 5)),
            "harvest_months": random.choice((0, 0b111, 0b111000, 0b111000000000, 4095)),
            "created_at": published, "published_at": published,
        }  # fmt: skip
        photo = {"key": f"bench-{number}", "product_id": product_id, "cover": True, "alt": name,
                 "illustration": drawing, "state": "ready", "added_at": published}  # fmt: skip
        paper = {"cooperative_id": seller.id, "product_id": product_id, "kind": "ocop", "number": f"B{number}",
                 "issuer": "UBND (minh hoạ)", "valid_from": date(2025, 1, 1), "valid_to": date(2030, 1, 1)}  # fmt: skip
        packs = [self._pack(product_id, number, place, size) for place, size in enumerate(kind["packs"])]
        return {
            "product": [product],
            "pack": packs,
            "photo": [photo],
            "certificate": [paper] if stars else [],
        }

    def _pack(self, product_id: int, number: int, place: int, size: tuple[str, int, str]) -> dict[str, Any]:
        label, quantity, unit = size
        return {
            "product_id": product_id, "label": label, "net_quantity": quantity, "net_unit": unit, "gross_weight_g": 300,
            "gtin": restricted_gtin(50_000_000 + number * 4 + place), "gtin_kind": "restricted", "position": place,
            "active": True, "lead": place == 0, "price_vnd": self.random.choice(PRICES) * 1000,
            "available": self.random.choice((0, 3, 40)),
        }  # fmt: skip


def make(count: int) -> None:
    """So many published products with packs, all over the country; a cooperative for every 330 of them, at least 12."""
    shop = shop_of(count)
    tables = {"product": Product, "pack": Pack, "photo": Photo, "certificate": Certificate}
    for start in range(0, count, SLICE):
        made: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}
        for number in range(start, min(count, start + SLICE)):
            for name, rows in shop.product(number + 1, number, count - number).items():
                made[name] += rows
        with transaction():
            for name, rows in made.items():
                if rows:
                    db.session.execute(sa.insert(tables[name]), rows)


def shop_of(count: int) -> Shop:
    """The sellers of a shop of so many products, written; and who invents the products."""
    random = Random(2026)
    names = list(
        db.session.execute(select(Unit.name).where(Unit.level == "commune").order_by(Unit.id)).scalars()
    )
    db.session.rollback()
    with transaction():
        sellers = _sellers(random, max(12, count // PRODUCTS_EACH))
    return Shop(random, sellers, names)


def _sellers(random: Random, count: int) -> list[Seller]:
    today, now = clock.today(), clock.now()
    wanted = (
        select(Unit.id, Unit.name)
        .where(Unit.level == "commune", Unit.valid_from <= today, Unit.valid_to.is_(None))
        .order_by(Unit.id)
    )
    communes = list(db.session.execute(wanted).tuples())
    user = User(phone="+84900000001", name="Người Mẫu", session_key="bench", created_at=now, is_demo=True)
    db.session.add(user)
    db.session.flush()
    made = []
    for number in range(count):
        commune_id, place = random.choice(communes)
        name = f"HTX {random.choice(SELLERS)} {place}"
        organisation = Organisation(kind="cooperative", name=name, created_at=now)
        db.session.add(organisation)
        db.session.flush()
        seller = Cooperative(
            organisation_id=organisation.id, slug=f"bench-{number}", name=name, name_folded=fold(name),
            registration_number=f"B{number:06}", registered_on=date(2020, 1, 1), registered_by="UBND (minh hoạ)",
            legal_representative="Người Mẫu", commune_id=commune_id, phone="+84900000000",
            craft_tradition=zipf(random, TRADITIONS, 0.5), state="approved", application_key=f"bench-{number}",
            applied_by_user_id=user.id, applied_at=now, decided_at=now, is_demo=True,
        )  # fmt: skip
        db.session.add(seller)
        db.session.flush()
        terms = SettlementTerms(cooperative_id=seller.id, from_on=date(2025, 1, 1), producers_bp=5500,
                                processing_bp=4000, fund_bp=500, set_at=now)  # fmt: skip
        db.session.add(terms)
        made.append(Seller(seller.id, commune_id, place))
    return made


def queries(count: int) -> Iterator[str]:
    """Searches as people make them, most of them for common things, by a fixed seed."""
    random = Random(7)
    names = [name for kind in KINDS for name in kind["names"] for _time in range(kind["weight"])]
    places = ("bac kan", "na ri", "Thái Nguyên", "cao bang", "Lâm Đồng", "ba be", "dak nong")
    others = ("bún tàu", "khổ qua", "chè", "bap", "glass noodles", "mieens dong", "nuong ba be", "htx may trang",
              "quà biếu Tết", "hợp tác xã", "sạch", "đặc sản núi rừng")  # fmt: skip
    for _number in range(count):
        name = random.choice(names)
        kind = random.random()
        if kind < 0.35:
            yield fold(name)
        elif kind < 0.55:
            yield name
        elif kind < 0.65:
            yield name.split()[0]
        elif kind < 0.75:
            yield f"{fold(name)} {random.choice(places)}"
        elif kind < 0.82:
            yield f"{name} {random.choice(('500g', '1 cân', '5kg', '2 lạng'))}"
        elif kind < 0.88:
            yield " ".join(reversed(fold(name).split()))
        elif kind < 0.94:
            yield f"{fold(name)} {zipf(random, DETAILS)}"
        else:
            yield random.choice(others)
