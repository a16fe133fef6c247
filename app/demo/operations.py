"""Making the world: the cast, then a year of stories in the order of their instants."""

import heapq
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pyotp
from flask import current_app
from sqlalchemy import func, select, text

from accounts import operations as accounts
from accounts.models import User
from accounts.passwords import hash_password
from accounts.rules import ROLE_NAMES, TOTP_REQUIRED, Role, show_phone
from app.demo import (
    broadcasts,
    caring,
    carriers,
    collector,
    declarations,
    elsewhere,
    fairs,
    figures,
    goods,
    helping,
    labels,
    needs,
    onsite,
    openness,
    opinions,
    payday,
    rechecking,
    reviewing,
    state,
    terms,
    trade,
    vouchers,
    weighed,
)
from app.demo.cast import (
    PASSWORD,
    Cast,
    first_people,
    found_cooperative,
    officers,
    settle_household,
    specs,
)
from app.demo.events import extra_stories
from app.demo.harvest import Step, Story, makings
from catalog.reference import load_categories
from core import clock
from core.db import db, transaction
from places import unitsfile
from places.operations import load_units, set_illustrative_rates
from places.queries import find_address

DAYS = 365
ORDERS = 620
# the first cooperative's morning: hours before now, and how each order goes on; later steps have not come yet
LAST_DAYS = (
    (2, "cod_waits"),
    (5, "cod_waits"),
    (1, "exact"),
    (2.5, "exact"),
    (3, "exact"),
    (21, "exact"),
    (22, "exact"),
    (40, "exact"),
    (44, "cod"),
    (46, "exact"),
    (150, "cod_complain"),
)
HOMES = {
    Role.BUYER: "/",
    Role.PRODUCER: "/me/statement",
    Role.MANAGER: "/manage",
    Role.TREASURER: "/manage/money",
    Role.DIGITAL_TEAM: "/declare",
    Role.VILLAGE_HEAD: "/registry",
    Role.COMMUNE_OFFICER: "/registry",
    Role.PROVINCE_OFFICER: "/me",
    Role.PROJECT_STAFF: "/programme",
    Role.ADMINISTRATOR: "/admin/cooperatives",
}
TOWNS = (
    "phường Cầu Giấy, Hà Nội",
    "phường Hoàn Kiếm, Hà Nội",
    "phường Hải Châu, Đà Nẵng",
    "phường Sài Gòn, Hồ Chí Minh",
    "phường Ninh Kiều, Cần Thơ",
    "phường Đức Xuân, Thái Nguyên",
)


def relax() -> None:
    """While seeding, do not wait for the disk: a world half made is thrown away anyway."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("SELECT 1"))
        raw = db.session.connection().connection.dbapi_connection
        db.session.rollback()
        raw.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]


def seed_if_empty() -> bool:
    """Make the world where nobody has an account yet; whether it was made."""
    if db.session.execute(select(func.count()).select_from(User)).scalar_one():
        db.session.rollback()
        return False
    seed()
    return True


def seed(scale: int = 1) -> None:
    """Make the whole world, `scale` times as many orders."""
    end = clock.now().replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(days=DAYS)
    random, hashed = Random(2026), hash_password(PASSWORD)
    relax()
    with clock.use(start), transaction():
        load_units(unitsfile.read(unitsfile.SHIPPED))
        set_illustrative_rates()
        load_categories()
    cast = _cast(start, random, hashed)
    queue = _Queue(start, end)
    for making in makings(random, cast.stalls, start, end):
        queue.add(making.stories())
    _orders(cast, queue, scale)
    queue.add(extra_stories(cast, start, end))
    queue.add(declarations.stories(cast, end))
    queue.add(needs.stories(cast, end))
    queue.add(opinions.stories(cast, end))
    queue.add(openness.stories(cast, end))
    queue.add(labels.stories(cast, end))
    queue.add(helping.stories(cast, end))
    queue.add(vouchers.stories(cast, end))
    queue.add(weighed.stories(cast, end))
    queue.add(terms.stories(cast, end))
    queue.add(payday.stories(cast, end))
    queue.add(collector.stories(cast, end))
    queue.add(elsewhere.stories(cast, end))
    queue.add(carriers.stories(cast, end))
    queue.add(fairs.stories(cast, end))
    queue.add(broadcasts.stories(cast, end))
    queue.add(onsite.stories(cast, end))
    queue.add(state.stories(cast, end))
    queue.add(figures.stories(cast, end))
    queue.add(reviewing.stories(cast, end))
    queue.add(caring.stories(cast, end))
    queue.add(rechecking.stories(cast, end))
    queue.run()
    with clock.use(end):
        _write_accounts(cast)


class _Queue:
    """Stories by instant; what a story brings about later comes back in; nothing happens after the end."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end, self.count = start, end, 0
        self.heap: list[tuple[datetime, int, Step]] = []

    def add(self, stories: Iterable[Story]) -> None:
        for at, step in stories:
            if at <= self.end:
                self.count += 1
                heapq.heappush(self.heap, (max(at, self.start), self.count, step))

    def run(self) -> None:
        while self.heap:
            at, _number, step = heapq.heappop(self.heap)
            with clock.use(at), transaction():
                after = step()
            self.add(after)
            db.session.expunge_all()


def _cast(start: datetime, random: Random, hashed: str) -> Cast:
    """Everybody, a day before the story begins."""
    with clock.use(start), transaction():
        cast = first_people(random, hashed)
    for number, spec in enumerate(specs(), 1):
        with clock.use(start), transaction():
            stall = found_cooperative(cast, spec, number)
            for place in range(spec["members"] + spec["linked"]):
                stall.members.append(settle_household(cast, stall, place))
            goods.food_safety(stall)
        for one in spec["products"]:
            with clock.use(start + timedelta(hours=random.randint(1, 72))), transaction():
                stall.products.append(goods.list_goods(stall, one))
        cast.stalls.append(stall)
    with clock.use(start), transaction():
        officers(cast)
    return cast


def _orders(cast: Cast, queue: _Queue, scale: int) -> None:
    """Orders over the year, more towards its end, each with its fate; the last days have some of every state."""
    towns = [(found.exact or found.candidates[0]).id for town in TOWNS if (found := find_address(town))]
    db.session.rollback()
    market = trade.Market(cast.random, cast.stalls, towns)
    fates, weights = list(trade.WEIGHTS), list(trade.WEIGHTS.values())
    for _ in range(ORDERS * scale):
        share = 1 - (1 - cast.random.random()) ** 1.4 * 0.97
        at = queue.start + timedelta(days=DAYS * share, minutes=cast.random.randint(0, 600))
        queue.add([(at, Step(trade.shop, market, cast.random.choices(fates, weights)[0]))])
    first = cast.stalls[0]
    for hours, fate in LAST_DAYS:
        queue.add([(queue.end - timedelta(hours=hours), Step(trade.shop, market, fate, first))])
    for minutes in (10, 25):
        queue.add([(queue.end - timedelta(minutes=minutes), Step(trade.shop, market, "never"))])


def _totp(user_id: int) -> str:
    """A confirmed second step; its secret."""
    with transaction():
        secret = accounts.start_totp(user_id)
    with transaction():
        accounts.totp_fits(user_id, pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=60)))
        accounts.totp_fits(user_id, pyotp.TOTP(secret).at(clock.now() - timedelta(seconds=30)))
    return secret


def _write_accounts(cast: Cast) -> None:
    """One sign-in per role, and one for who runs the collector, into instance/demo-accounts.json."""
    rows = []
    people = [(str(role), cast.roles[role], HOMES[role]) for role in ROLE_NAMES if role is not Role.SYSTEM]
    for role, actor, home in [*people, ("collector", cast.collector, "/manage/collector")]:
        person = db.session.get_one(User, actor.user_id)
        row = {
            "role": role,
            "phone": show_phone(person.phone),
            "password": PASSWORD,
            "name": person.name,
        }
        person_id = person.id
        db.session.rollback()
        row["totp_secret"] = _totp(person_id) if role in TOTP_REQUIRED else ""
        rows.append(row | {"home": home})
    path = Path(current_app.config["INSTANCE_DIR"]) / "demo-accounts.json"
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
