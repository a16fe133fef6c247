"""An invented shop of any size: names as highland goods have them, made from parts by a fixed seed, written in bulk.

Words are spread as in a real shop: a few kinds of goods are most of it, many names differ by place and detail. Nothing
here goes through the verbs: only what the search reads is made.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from accounts.models import Organisation, User
from catalog.models import Category, Pack, Product
from catalog.rules import restricted_gtin
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from core.text import fold
from places.models import Unit

SLICE = 2_000
KINDS: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, int, str], ...], int], ...] = (
    (
        "tinh-dau",
        (
            "Tinh dầu quế",
            "Tinh dầu sả chanh",
            "Tinh dầu gừng",
            "Tinh dầu quýt",
            "Tinh dầu vỏ bưởi",
            "Tinh dầu húng quế",
            "Tinh dầu hồi",
            "Tinh dầu tràm",
        ),
        (("Chai 10 ml", 10, "ml"), ("Chai 50 ml", 50, "ml")),
        18,
    ),
    (
        "mien-bun",
        ("Miến dong", "Miến dong tráng tay", "Bún khô", "Phở khô ngô", "Hộp quà miến dong"),
        (("Gói 500 g", 500, "g"), ("Túi 1 kg", 1000, "g"), ("Bao 5 kg", 5000, "g")),
        14,
    ),
    (
        "nam-mang",
        (
            "Nấm hương khô",
            "Nấm hương tươi",
            "Nấm sò tươi",
            "Mộc nhĩ khô",
            "Măng khô",
            "Măng nứa ớt",
            "Nấm linh chi",
        ),
        (("Gói 200 g", 200, "g"), ("Khay 500 g", 500, "g")),
        14,
    ),
    (
        "tra-duoc-lieu",
        (
            "Trà shan tuyết",
            "Trà khôi nhung",
            "Trà bí xanh thơm",
            "Chè dây",
            "Hà thủ ô đỏ",
            "Giảo cổ lam",
            "Trà túi lọc linh chi",
        ),
        (("Gói 250 g", 250, "g"), ("Hộp 100 g", 100, "g")),
        12,
    ),
    (
        "gao-nep",
        ("Gạo nếp nương", "Gạo tẻ đỏ", "Gạo Khẩu nua lếch", "Gạo Bao thai"),
        (("Túi 2 kg", 2000, "g"), ("Túi 5 kg", 5000, "g")),
        9,
    ),
    (
        "bot-nghe",
        ("Tinh bột nghệ đỏ", "Tinh bột nghệ nếp đen", "Bột sắn dây", "Tinh bột dong riềng"),
        (("Lọ 200 g", 200, "g"), ("Túi 1 kg", 1000, "g")),
        8,
    ),
    (
        "mat-ong",
        ("Mật ong hoa rừng", "Mật ong bạc hà", "Mật ong hoa cà phê"),
        (("Chai 500 ml", 500, "ml"), ("Chai 1 lít", 1000, "ml")),
        7,
    ),
    (
        "ca-phe",
        ("Cà phê bột", "Cà phê hạt rang", "Cà phê mật ong"),
        (("Gói 500 g", 500, "g"), ("Túi 1 kg", 1000, "g")),
        6,
    ),
    (
        "hat-do-say",
        ("Chuối sấy giòn", "Hạt mắc ca", "Hạt sachi", "Hồng treo gió", "Mít sấy"),
        (("Gói 150 g", 150, "g"), ("Hộp 500 g", 500, "g")),
        6,
    ),
    ("tho-cam", ("Khăn thổ cẩm", "Túi thổ cẩm dệt tay", "Váy chàm thêu"), (("1 cái", 1, "piece"),), 6),
)
DETAILS = (
    "",
    "",
    "",
    "rừng",
    "nương",
    "loại một",
    "sạch",
    "truyền thống",
    "vụ mới",
    "phơi nắng",
    "gói nhỏ",
    "hộp giấy",
    "nhà làm",
    "thượng hạng",
    "cổ truyền",
    "bản Mẫu",
    "non",
    "già",
    "đặc biệt",
    "hút chân không",
)
STORY = (
    "Bà con trong bản cùng làm, nhổ buổi sáng, rửa ba lần nước suối rồi mới đem phơi.",
    "Nắng to thì ba ngày là được, gặp mưa phải sấy củi.",
    "Nấu canh, xào hay làm quà tết đều hợp.",
    "Cây mọc trên núi đá, mỗi năm một vụ.",
    "Máy mua năm ngoái nên đều tay hơn trước.",
    "Khách dưới xuôi hay hỏi mua về biếu.",
    "Hợp tác xã cân trước mặt từng nhà, ghi phiếu hai bên ký.",
    "Đóng gói trong ngày, có mã lô để tra.",
)
SELLERS = (
    "Hương Rừng",
    "Tân Tiến",
    "Bản Mẫu",
    "Đồng Tâm",
    "Mây Trắng",
    "Suối Trong",
    "Nà Ngần",
    "Khuổi Mẫu",
    "Minh Tâm",
    "Đại Đoàn Kết",
)


def make(count: int) -> None:
    """So many published products with packs, all over the country; a cooperative for every 330 of them, at least 12."""
    random = Random(2026)
    cooperatives = _cooperatives(random, max(12, count // 330))
    categories = dict(db.session.execute(select(Category.slug, Category.id)).tuples().all())
    now = clock.now()
    with transaction():
        first = (db.session.execute(select(sa.func.max(Product.id))).scalar_one() or 0) + 1
    for start in range(0, count, SLICE):
        numbers = range(start, min(count, start + SLICE))
        products, packs = [], []
        for number in numbers:
            product, pack = invented(random, first + number, number, cooperatives, categories)
            products.append(
                product | {"created_at": now, "published_at": now - timedelta(minutes=count - number)}
            )
            packs += pack
        with transaction():
            db.session.execute(sa.insert(Product), products)
            db.session.execute(sa.insert(Pack), packs)


def _cooperatives(random: Random, count: int) -> list[tuple[int, int, str]]:
    """Id, commune and commune's name of each."""
    today = clock.today()
    wanted = (
        select(Unit.id, Unit.name)
        .where(Unit.level == "commune", Unit.valid_from <= today, Unit.valid_to.is_(None))
        .order_by(Unit.id)
    )
    communes = list(db.session.execute(wanted).tuples())
    traditions = ("Tày", "Nùng", "Dao", "Mông", "M'Nông", "Ê-đê", "Thái", "Tày, Nùng", "Mường")
    made = []
    with transaction():
        user = User(
            phone="+84900000001", name="Người Mẫu", session_key="bench", created_at=clock.now(), is_demo=True
        )
        db.session.add(user)
        db.session.flush()
        for number in range(count):
            commune, place = random.choice(communes)
            name = f"HTX {random.choice(SELLERS)} {place}"
            organisation = Organisation(kind="cooperative", name=name, created_at=clock.now())
            db.session.add(organisation)
            db.session.flush()
            seller = Cooperative(
                organisation_id=organisation.id,
                slug=f"bench-{number}",
                name=name,
                name_folded=name.lower(),
                registration_number=f"B{number:06}",
                registered_on=date(2020, 1, 1),
                registered_by="UBND (minh hoạ)",
                legal_representative="Người Mẫu",
                commune_id=commune,
                phone="+84900000000",
                craft_tradition=random.choice(traditions),
                state="approved",
                application_key=f"bench-{number}",
                applied_by_user_id=user.id,
                applied_at=clock.now(),
                decided_at=clock.now(),
                is_demo=True,
            )
            db.session.add(seller)
            db.session.flush()
            made.append((seller.id, commune, place))
    return made


def invented(
    random: Random,
    product_id: int,
    number: int,
    cooperatives: list[tuple[int, int, str]],
    categories: dict[str, int],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows of one product and its packs."""
    slug, names, sizes, _weight = random.choices(KINDS, [kind[3] for kind in KINDS])[0]
    cooperative, commune, place = random.choice(cooperatives)
    name = " ".join(
        part
        for part in (random.choice(names), random.choice(DETAILS), place if random.random() < 0.5 else "")
        if part
    )
    product = {
        "id": product_id,
        "key": f"bench-{number}",
        "cooperative_id": cooperative,
        "slug": f"bench-{number}",
        "name": name,
        "name_folded": name.lower(),
        "category_id": categories[slug],
        "story": " ".join(random.sample(STORY, 4)),
        "ingredients": f"{names[0]} 100 %",
        "usage": "Dùng trong nhà.",
        "origin_commune_id": commune,
        "state": "published",
        "ocop_stars": random.choice((None, None, None, 3, 3, 4, 5)),
        "harvest_months": random.choice((0, 0b111, 0b111000, 0b111000000000, 4095)),
        "rating_count": max(0, int(random.expovariate(0.2)) - 4),
    }
    packs = [
        {
            "product_id": product_id,
            "label": label,
            "net_quantity": quantity,
            "net_unit": unit,
            "gross_weight_g": 300,
            "gtin": restricted_gtin(50_000_000 + number * 4 + place_),
            "gtin_kind": "restricted",
            "position": place_,
            "active": True,
            "lead": place_ == 0,
            "price_vnd": random.choice((35, 55, 65, 75, 95, 120, 180, 260, 450, 620)) * 1000,
            "available": random.choice((0, 3, 40)),
        }
        for place_, (label, quantity, unit) in enumerate(sizes)
    ]
    return product, packs


def queries(count: int) -> Iterator[str]:
    """Searches as people make them, most of them for common things, by a fixed seed."""
    random = Random(7)
    names = [name for _slug, names, _sizes, weight in KINDS for name in names for _ in range(weight)]
    places = ("bac kan", "na ri", "Thái Nguyên", "cao bang", "Lâm Đồng", "ba be", "dak nong")
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
            yield f"{fold(name)} {random.choice(DETAILS)}".strip()
        else:
            yield random.choice(
                (
                    "bún tàu",
                    "khổ qua",
                    "chè",
                    "bap",
                    "glass noodles",
                    "mieens dong",
                    "nuong ba be",
                    "htx may trang",
                )
            )
