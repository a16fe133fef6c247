"""What buyers say and ask in the story, a gift box, names, and the shelves of the season: through the verbs users call.

Its own dice, so that the money and the harvest of the story stay what they were.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from accounts.rules import Role
from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog import operations as catalog
from catalog.bundles.operations import Box, make_box
from catalog.collections.operations import Shelf, save_collection
from catalog.collections.rules import Rule
from catalog.models import Product
from catalog.photos.operations import add_illustration
from catalog.queries import product
from catalog.questions import operations as questions
from cooperatives.members.operations import helped_consent
from core import clock
from core.db import db
from households.rules import Purpose
from orders import queries as orders
from orders.models import Order
from orders.reviews import operations as reviews
from orders.reviews.queries import of_order
from orders.rules import State

REVIEWED_MOST = 16  # an evening
NAMES = (
    "Chị Lan",
    "Anh Tuấn",
    "Cô Hạnh",
    "Chị M.",
    "Anh Dũng",
    "Bác Thơm",
    "Chị Thu",
    "Anh H.",
    "Cô Ngọc",
    "Chị Vy",
)
WORDS = {
    5: (
        "Hàng đúng như lời kể, gói kỹ, có mã lô quét được. Sẽ mua lại.",
        "Mùi thơm thật, không gắt. Cả nhà ai cũng khen.",
        "Giao nhanh hơn hẹn một ngày. Biết tiền về tay bà con nên mua yên tâm.",
        "Tết nào cũng mua ở đây, năm nay vẫn ngon.",
        "",
    ),
    4: (
        "Ngon, mà gói hơi mỏng, góc hộp bị móp.",
        "Hàng tốt. Giá mà có gói nhỏ hơn để mua thử.",
        "Ưng. Nấu theo lời dặn là được.",
    ),
    3: ("Tạm được, không thơm bằng lần trước.", "Hàng ổn nhưng đợi sáu ngày mới tới."),
    2: ("Túi bị ẩm ở góc, gọi thì được gửi bù.",),
}
ANSWERS = {
    4: "Cảm ơn bạn. Lô sau hợp tác xã đổi hộp dày hơn.",
    3: "Cảm ơn bạn đã nói thật. Vụ này mưa nhiều nên mùi nhẹ hơn, hợp tác xã đã ghi thêm ở trang hàng.",
    2: "Xin lỗi bạn. Túi hàn lỗi đã được thu lại, hợp tác xã gửi bù và đã đổi máy hàn.",
}
ASKED = (
    ("Chị Lan", "Mở gói rồi thì để được bao lâu?", "Buộc kín, để nơi khô thì dùng tốt trong hai tháng."),
    (
        "Anh Tuấn",
        "Mua mười gói có bớt tiền đưa hàng không?",
        "Các gói đi chung một chuyến, tiền tính theo cân nặng nên rẻ hơn mua lẻ.",
    ),
    (
        "Cô Hạnh",
        "Nhà có trẻ nhỏ dùng được không?",
        "Được. Thành phần ghi đủ trên nhãn, bạn xem mục Thông tin giúp hợp tác xã.",
    ),
    ("Chị Vy", "Có gửi kèm thiệp tặng không?", ""),
)
REVIEW_ON = {5: 60, 4: 26, 3: 9, 2: 5}


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Names at first, everything else in the last weeks, and evenings of reviews of what had arrived by then."""
    for stall in cast.stalls:
        yield end - timedelta(days=200), Step(_names, stall)
    yield end - timedelta(days=40), Step(_box, cast.stalls[0])
    yield end - timedelta(days=38), Step(_ask, cast.stalls[0], 0)
    yield end - timedelta(days=30), Step(_ask, cast.stalls[1], 1)
    yield end - timedelta(days=12), Step(_shelves, cast)
    yield end - timedelta(days=5), Step(_ask, cast.stalls[2], 2)
    yield end - timedelta(days=1), Step(_ask, cast.stalls[0], 3)
    for days in (150, 118, 87, 60, 41, 26, 15, 8, 3, 1):
        yield end - timedelta(days=days, hours=days % 9), Step(_reviews, cast, days)


def _names(stall: Stall) -> None:
    """Some households let buyers read their names, read out to them by the manager."""
    for member in [one for one in stall.members if one.person_id is not None][1:10:2]:
        helped_consent(stall.manager, member.producer_id, Purpose.SHOW_NAME)


def _box(stall: Stall) -> None:
    """Two of the first cooperative's goods in one box for Tết."""
    first, second = stall.products[0], stall.products[1]
    price = first.packs[0][3] * 2 + second.packs[0][3]
    story = (
        "Hộp quà Tết ghép từ hai món bà con làm quanh năm, xếp trong hộp giấy in hoa văn thổ cẩm. "
        "Mỗi món vẫn có mã lô riêng, người nhận quét là thấy ai làm ra. Tiền cả hộp chia về từng món, đúng như bán lẻ."
    )
    called = stall.spec["name"].removeprefix("HTX ").removesuffix(" (minh hoạ)")
    parts = [(first.packs[0][0], 2), (second.packs[0][0], 1)]
    made = make_box(
        stall.manager, stall.cooperative_id, "demo-box-1",
        Box(f"Hộp quà Tết {called}", parts, price * 95 // 100 // 1000 * 1000, story),
    )  # fmt: skip
    add_illustration(stall.manager, made.product_id, "hop-qua", f"Hộp quà Tết, {stall.spec['name']}")
    catalog.publish(stall.manager, made.product_id)


def _ask(stall: Stall, number: int) -> None:
    """Somebody asks; the manager answers three of the four."""
    name, text, answer = ASKED[number]
    asked = questions.ask(f"demo-question-{number}", stall.products[0].product_id, name=name, text=text)
    if answer:
        questions.answer(stall.manager, asked.id, answer)


def _shelves(cast: Cast) -> None:
    """Two shelves: Tết with hand-picked goods and the box, and everything with OCOP stars."""
    year = clock.today().year
    admin = cast.roles[Role.ADMINISTRATOR]
    picked = [stall.products[0].product_id for stall in cast.stalls[:7]]
    box = db.session.execute(select(Product.slug).where(Product.key == "demo-box-1")).scalar_one()
    slugs = [box, *(product(one).slug for one in picked)]
    save_collection(admin, None, Shelf(
        "Quà Tết từ bản", "Tết gifts from the villages",
        "Miến mới tráng, trà sao tay, mật ong cuối vụ. Đặt trước rằm tháng Chạp để hàng kịp xuống núi.",
        "Fresh noodles, hand-roasted tea, late-season honey. Order before the middle of the last lunar month.",
        "hop-qua", Rule.LISTED, date(year, 11, 1), date(year + 1, 2, 5), slugs=slugs,
    ))  # fmt: skip
    save_collection(admin, None, Shelf(
        "Sao OCOP còn hạn", "OCOP stars, still valid",
        "Món được chấm 3 đến 5 sao, giấy còn hiệu lực hôm nay. Giấy hết hạn thì món tự ra khỏi gian.",
        "Goods rated 3 to 5 stars whose certificate is valid today. When it ends, they leave this shelf by themselves.",
        "nghe", Rule.OCOP, date(year, 1, 1), position=1,
    ))  # fmt: skip


def _reviews(cast: Cast, days: int) -> None:
    """People who received their goods say how they were, every third order or so, newest first."""
    dice = Random(77 + days)
    wanted = (
        select(Order.id).where(Order.state == State.DELIVERED).order_by(Order.delivered_at.desc(), Order.id)
    )
    managers = {stall.cooperative_id: stall.manager for stall in cast.stalls}
    written = 0
    for order_id in db.session.execute(wanted).scalars().all():
        if written >= REVIEWED_MOST or dice.random() > 0.45:
            continue
        order = orders.order(order_id)
        for line in orders.lines(order_id):
            stars = dice.choices(list(REVIEW_ON), list(REVIEW_ON.values()))[0]
            if _too_old(order) or of_order(order_id).get(line.id):
                continue
            said = reviews.write_review(
                order.token, line.id, stars=stars, text=dice.choice(WORDS[stars]), name=dice.choice(NAMES)
            )
            written += 1
            if stars in ANSWERS and dice.random() < 0.7:
                reviews.answer(managers[order.cooperative_id], said.id, ANSWERS[stars])


def _too_old(order: Order) -> bool:
    return order.delivered_at is None or order.delivered_at < clock.now() - timedelta(days=170)
