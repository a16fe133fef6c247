"""The people of the world: cooperatives with staff, households with producers, officers, project staff."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from accounts import operations as accounts
from accounts.models import Grant, User
from accounts.queries import actor_of
from accounts.rules import SYSTEM, Actor, Role
from app.demo import names
from cooperatives import operations as cooperatives
from cooperatives.operations import Application
from cooperatives.rules import StandingKind, Terms
from core import clock
from core.db import db
from households.operations import PersonFacts, add_person, create_household
from households.rules import Sex
from places.models import Unit
from places.queries import find_address
from revenue.operations import open_books

DATA = Path(__file__).parent / "data" / "world.json"
PASSWORD = "cho phien 2026"


@dataclass
class Member:
    """A producer of a stall, with the household of the beginning."""

    producer_id: int
    household_id: int
    person_id: int | None
    village: str


@dataclass
class Stall:
    """A cooperative of the world."""

    spec: dict[str, Any]
    cooperative_id: int
    organisation_id: int
    commune_id: int
    manager: Actor
    treasurer: Actor
    members: list[Member] = field(default_factory=list)
    products: list[Any] = field(default_factory=list)


@dataclass
class Cast:
    """Everybody, and a number that nobody had yet."""

    random: Random
    password_hash: str
    administrator: Actor
    stalls: list[Stall] = field(default_factory=list)
    roles: dict[Role, Actor] = field(default_factory=dict)
    collector: Actor = SYSTEM  # who runs the collector, once there is one
    numbers: int = 0

    def user(self, name: str) -> User:
        """A new account with the demonstration's password."""
        self.numbers += 1
        return accounts.create_user(names.phone(self.numbers), name, self.password_hash, is_demo=True)

    def wear(
        self,
        name: str,
        role: Role,
        organisation_id: int | None = None,
        unit_id: int | None = None,
        village: str | None = None,
    ) -> Actor:
        """A new person in a role."""
        person = self.user(name)
        if role is Role.BUYER:
            return actor_of(person, None)
        return actor_of(person, accounts.grant(SYSTEM, person.id, role, organisation_id, unit_id, village))


def specs() -> list[dict[str, Any]]:
    """The cooperatives and their goods, as written in data/world.json."""
    return list(json.loads(DATA.read_text(encoding="utf-8"))["cooperatives"])


def first_people(random: Random, password_hash: str) -> Cast:
    """The administrator, before anything else."""
    platform = accounts.create_organisation("platform", "Chợ Phiên (minh hoạ)")
    cast = Cast(random, password_hash, SYSTEM)
    cast.administrator = cast.wear("Nguyễn Quản Trị Mẫu", Role.ADMINISTRATOR, platform.id)
    cast.roles[Role.ADMINISTRATOR] = cast.administrator
    return cast


def commune_of(spec: dict[str, Any]) -> Unit:
    """Today's commune of a cooperative's old three-level address."""
    found = find_address(spec["old_address"])
    return found.exact or found.candidates[0]


def found_cooperative(cast: Cast, spec: dict[str, Any], number: int) -> Stall:
    """Apply, approve, terms, staff, opening money: the way every cooperative takes."""
    random, commune_id = cast.random, commune_of(spec).id
    group = spec["groups"][0]
    applicant = cast.user(names.person(random, group, "female"))
    made = cooperatives.apply(actor_of(applicant, None), _application(spec, commune_id, applicant, number))
    cooperatives.approve(cast.administrator, made.id)
    organisation_id = made.organisation_id or 0
    held = db.session.query(Grant).filter_by(user_id=applicant.id, role=Role.MANAGER).one()
    manager = actor_of(applicant, held)
    treasurer = cast.wear(names.person(random, group, "female"), Role.TREASURER, organisation_id)
    producers_bp, processing_bp, fund_bp = spec["terms"]
    cooperatives.set_terms(
        manager,
        Terms(clock.today(), producers_bp, processing_bp, fund_bp, guaranteed_price=spec["id"] == "tai-hoan"),
    )
    open_books(treasurer, 20_000_000, 60_000_000, key=f"demo-{spec['id']}")
    return Stall(spec, made.id, organisation_id, commune_id, manager, treasurer)


def _application(spec: dict[str, Any], commune_id: int, applicant: User, number: int) -> Application:
    return Application(
        key=f"demo-application-{spec['id']}",
        name=spec["name"],
        registration_number=f"47000{number:05}",
        registered_on=date(spec["founded"], 5, 20),
        registered_by="Phòng Tài chính – Kế hoạch (minh hoạ)",
        legal_representative=applicant.name,
        commune_id=commune_id,
        address_line=spec["address_line"],
        phone=applicant.phone,
        bank_bin=("970405", "970436", "970418", "970422")[number % 4],
        account_number=f"8500{number:04}205001",
        holder=spec["name"],
        zalo=applicant.phone,
        story=spec["story"],
        craft_tradition=spec["tradition"],
        founded_year=spec["founded"],
        logo=spec["logo"],
        is_demo=True,
    )


def settle_household(cast: Cast, stall: Stall, place: int) -> Member:
    """A household with one or two recorded people and its producer: two in five are members, the rest linked."""
    random, spec = cast.random, stall.spec
    group = random.choice(spec["groups"])
    sex = random.choice(("female", "female", "male"))
    village = names.VILLAGES[place % len(names.VILLAGES)]
    with_phone = random.random() < 0.8
    cast.numbers += 1
    facts = PersonFacts(
        names.person(random, group, sex),
        birth_year=random.randint(1958, 2003),
        sex=Sex(sex),
        ethnic_code=group,
        phone=names.phone(cast.numbers) if with_phone else "",
    )
    since = clock.today() - timedelta(days=random.randint(200, 1500))
    home = create_household(SYSTEM, stall.commune_id, village, from_on=since)
    head = add_person(SYSTEM, home.id, facts, from_on=since)
    kind = StandingKind.MEMBER if place < spec["members"] else StandingKind.LINKED
    who = {"person_id": head.id} if with_phone or random.random() < 0.5 else {"household_id": home.id}
    made = cooperatives.add_producer(SYSTEM, kind, cooperative_id=stall.cooperative_id, from_on=since, **who)
    return Member(made.id, home.id, head.id if "person_id" in who else None, village)


def officers(cast: Cast) -> None:
    """Everybody who reads, advises or helps: one of each role, around the first cooperative's commune."""
    first = cast.stalls[0]
    unit_id = first.commune_id
    province_id = db.session.get_one(Unit, unit_id).parent_id
    office = accounts.create_organisation("commune_office", "UBND xã (minh hoạ)", unit_id)
    province = accounts.create_organisation(
        "province_office", "Sở Nông nghiệp và Môi trường (minh hoạ)", province_id
    )
    project = accounts.create_organisation("project", "Dự án hỗ trợ hợp tác xã (minh hoạ)")
    village = first.members[0].village
    cast.roles |= {
        Role.MANAGER: first.manager,
        Role.TREASURER: first.treasurer,
        Role.DIGITAL_TEAM: cast.wear("Hà Thị Số Mẫu", Role.DIGITAL_TEAM, first.organisation_id, unit_id),
        Role.VILLAGE_HEAD: cast.wear("Ma Văn Thôn Mẫu", Role.VILLAGE_HEAD, office.id, unit_id, village),
        Role.COMMUNE_OFFICER: cast.wear("Đàm Thị Xã Mẫu", Role.COMMUNE_OFFICER, office.id, unit_id),
        Role.PROVINCE_OFFICER: cast.wear(
            "Lương Văn Tỉnh Mẫu", Role.PROVINCE_OFFICER, province.id, province_id
        ),
        Role.PROJECT_STAFF: cast.wear("Vũ Thị Dự Án Mẫu", Role.PROJECT_STAFF, project.id),
        Role.BUYER: cast.wear("Đỗ Minh Mua Mẫu", Role.BUYER),
    }
