"""The second fence: raw SQL under the web's login, as nobody, the shop, an officer elsewhere, another household.

And the whole of the registry's pages over that login, so that the fence stops nobody who may pass.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from accounts.models import User
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import Base, db, transaction, tune
from core.fences import SHOP, Standing, purpose, stand
from households.operations import PersonFacts, add_person, create_household
from households.roster.operations import Deed, record_birth, split_household
from households.rules import Relation
from registry import fences
from registry import operations as declaring
from registry.needs import operations as needs
from registry.needs.kinds import NeedKind, Urgency
from registry.procedure import hearings, operations
from registry.procedure.hearings import Attendance, Complaint, Vote
from registry.procedure.queries import case_for, case_of_household, history, objections
from registry.procedure.rules import Origin
from tests.access.test_matrix import PERSONS, ROWS, allowed, client_of, knock
from tests.conftest import NOW, over
from tests.factories import accounts, cooperatives, households, places, registry
from tests.servers import fresh_database, fresh_name
from tests.world import World, _people, _registry, thing

pytestmark = pytest.mark.postgres
OWNERS = ("registry", "households")


def test_every_table_of_the_registry_and_of_households_is_fenced_or_says_why_not() -> None:
    ours = {
        mapper.class_.__table__.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.partition(".")[0] in fences.PARTS
    }
    assert ours == set(fences.tables()) | (set(fences.OPEN) & ours)
    assert not set(fences.tables()) & set(fences.OPEN)


@dataclass
class Fenced:
    """The address of a PostgreSQL database as its web login sees it, as its owner does, and the world in it."""

    url: str
    owner: str
    world: World


@pytest.fixture(scope="module")
def fenced(session_app: Flask, pg_template: str) -> Iterator[Fenced]:
    """A small world on PostgreSQL, and a login for the web made as an operator makes it."""
    role, world = fresh_name(), World()
    with fresh_database(pg_template) as url:
        with over(session_app, url), clock.use(NOW), session_app.app_context():
            coop = cooperatives.create_cooperative("HTX Ta")
            world.things["coop"] = thing(coop)
            _people(world, coop)
            _registry(world)
            world.things["neighbour"] = thing(_neighbour())
            _login(role)
            db.session.remove()
        web = sa.make_url(url).set(username=role, password="only-a-test")
        yield Fenced(web.render_as_string(hide_password=False), url, world)
        _run(url, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')


def _neighbour() -> User:
    """Somebody of another village of the same commune, who declared."""
    who, home = registry.resident(households.create_household(village="Thôn Nà Lẹng"), "Hàng Xóm")
    registry.submitted_review(home)
    return db.session.get_one(User, who.user_id)


def _login(role: str) -> None:
    with transaction():
        for statement in (f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'only-a-test'", *fences.web_login(role)):
            db.session.execute(sa.text(statement))


def _run(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


@contextmanager
def asking(url: str, **said: object) -> Iterator[sa.Connection]:
    """One transaction of the web's login that says this of itself; what it wrote is taken back."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            for name, value in said.items():
                connection.execute(
                    sa.text("SELECT set_config(:name, :value, true)"),
                    {"name": f"app.{name}", "value": "" if value is None else str(value)},
                )
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def count(connection: sa.Connection, table: str) -> int:
    return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def officer(_world: World, role: str = "commune_officer", **more: object) -> dict[str, object]:
    """What the transaction says of an officer to whom nothing was drawn elsewhere, and who lives nowhere here."""
    return {"purpose": "registry", "day": "2026-11-22", "user": 0, "role": role} | more


def test_who_says_nothing_sees_nothing(fenced: Fenced) -> None:
    with asking(fenced.url) as nobody:
        assert {table: count(nobody, table) for table in fences.tables()} == dict.fromkeys(fences.tables(), 0)


def test_the_shop_sees_people_and_nothing_of_the_registry(fenced: Fenced) -> None:
    shared = {"household", "household_member", "person", "consent"}
    with asking(fenced.url, purpose=SHOP, role="manager", user=1, unit=1) as shop:
        seen = {table for table in fences.tables() if count(shop, table)}
    assert seen and seen <= shared


def test_an_officer_sees_her_commune_alone(fenced: Fenced) -> None:
    url, world = fenced.url, fenced.world
    here, there = _communes(url)
    tables = ("review", "need", "record_request", "review_case", "household")
    for mine, other in ((here, there), (there, here)):
        with asking(url, **officer(world, unit=mine)) as me:
            for table in tables:
                communes = {row[0] for row in me.execute(sa.text(f"SELECT DISTINCT commune_id FROM {table}"))}
                assert communes == {mine}, table
            assert not other_rows(me, other)


def _communes(url: str) -> tuple[int, int]:
    """The two communes of the world, as one who counts the country sees them."""
    with asking(url, purpose="figures", role="administrator", day="2026-11-22") as me:
        query = "SELECT commune_id FROM review GROUP BY commune_id ORDER BY count(*) DESC, commune_id"
        found = list(me.execute(sa.text(query)).scalars())
        assert len(found) >= 2
        return found[0], found[1]


def other_rows(connection: sa.Connection, commune_id: int) -> int:
    """Results, answers and steps that hang on another commune's rows."""
    query = (
        "SELECT (SELECT count(*) FROM review_result r JOIN review v ON v.id = r.review_id WHERE v.commune_id = :c)"
        " + (SELECT count(*) FROM case_step s JOIN review_case c ON c.id = s.case_id WHERE c.commune_id = :c)"
        " + (SELECT count(*) FROM person p JOIN household_member m ON m.person_id = p.id"
        "    JOIN household h ON h.id = m.household_id WHERE h.commune_id = :c)"
    )
    return int(connection.execute(sa.text(query), {"c": commune_id}).scalar_one())


def test_a_village_head_sees_her_village_alone(fenced: Fenced) -> None:
    url, world = fenced.url, fenced.world
    here, _there = _communes(url)
    with asking(url, **officer(world, "village_head", unit=here, village="Thôn Nà Lẹng")) as head:
        villages = head.execute(sa.text("SELECT DISTINCT village FROM review")).scalars()
        assert set(villages) == {"Thôn Nà Lẹng"}
        assert count(head, "review_case") == count(head, "record_request") == 0


def test_a_household_sees_its_own_rows_alone(fenced: Fenced) -> None:
    url, world = fenced.url, fenced.world
    me = world.things["neighbour"][1]
    with asking(url, purpose="registry", role="buyer", user=me, day="2026-11-22") as own:
        assert count(own, "review") == 1
        assert count(own, "household") == 1
        assert count(own, "need") == count(own, "review_case") == count(own, "record_request") == 0
        assert set(own.execute(sa.text("SELECT village FROM review")).scalars()) == {"Thôn Nà Lẹng"}


def test_nobody_writes_past_the_fence(fenced: Fenced) -> None:
    url, world = fenced.url, fenced.world
    here, there = _communes(url)
    with asking(url, **officer(world, unit=here)) as me:
        for statement in ("UPDATE review_case SET chosen = 'poor'", "DELETE FROM need"):
            done = me.execute(sa.text(f"{statement} WHERE commune_id = :c"), {"c": there})
            assert done.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            me.execute(sa.text("UPDATE household SET commune_id = :c"), {"c": there})
    with asking(url, purpose=SHOP) as shop, pytest.raises(ProgrammingError, match="row-level security"):
        shop.execute(
            sa.text("INSERT INTO commune_consent (household_id, purpose, wording_version, given_at) "
                    "SELECT id, 'sales_bands', 'x', now() FROM household LIMIT 1")
        )  # fmt: skip


def test_the_web_login_cannot_take_the_fence_down(fenced: Fenced) -> None:
    for statement in ("ALTER TABLE review DISABLE ROW LEVEL SECURITY", "DROP POLICY registry ON review",
                      "SET LOCAL row_security = off; SELECT count(*) FROM review"):  # fmt: skip
        with asking(fenced.url) as me, pytest.raises(ProgrammingError):
            me.execute(sa.text(statement))


def test_a_wall_opens_what_hangs_and_only_while_it_hangs(fenced: Fenced) -> None:
    url = fenced.url
    with asking(url, purpose="posting", day="2026-11-22") as reader:
        assert 1 <= count(reader, "wall_line") == count(reader, "household") <= 2
        assert count(reader, "review") == count(reader, "need") == 0
    with asking(url, purpose="posting", day="2027-11-22") as late:
        assert count(late, "wall_line") == count(late, "household") == count(late, "person") == 0
        assert count(late, "review_case") == count(late, "recognition")  # whether a certificate is genuine


@pytest.fixture
def web(session_app: Flask, fenced: Fenced) -> Iterator[Flask]:
    """The application as its web processes run: under the login that is bound by the fences."""
    with over(session_app, fenced.url):
        with session_app.app_context():
            tune(db.engine)
        session_app.config["WTF_CSRF_ENABLED"] = False
        yield session_app
        session_app.config["WTF_CSRF_ENABLED"] = True
        if held := getattr(session_app.extensions["kept_pages"].versions.held, "connection", None):
            held.close()
        with session_app.app_context():
            db.session.remove()


def test_every_page_of_the_registry_opens_under_the_fence(web: Flask, fenced: Fenced) -> None:
    world, wrong = fenced.world, []
    rows = [
        row for name, row in sorted(ROWS.items())
        if web.view_functions[name].__module__.partition(".")[0] in OWNERS and row.page and "GET" in row.methods
    ]  # fmt: skip
    with over(web, fenced.owner), web.app_context():
        params = {row.endpoint: dict(row.own(world)) for row in rows}
        db.session.remove()
    for role in [None, *PERSONS]:
        client = client_of(web, world, role)
        for row in rows:
            if allowed(row, role):
                status = knock(web, client, row, params[row.endpoint], "GET")
                if status not in (200, 302, 303):
                    wrong.append(f"{role} {row.endpoint}: {status}")
    assert wrong == []


@contextmanager
def acting(app: Flask, path: str, who: Actor, days: int = 0) -> Iterator[None]:
    """A request of this person in her role, at the given page, in one writing transaction."""
    with clock.use(NOW + timedelta(days=days)), app.test_request_context(path):
        stand(Standing(who.user_id, who.role, who.unit_id, who.village or ""))
        with transaction():
            yield


def test_a_case_goes_its_whole_way_under_the_fence(web: Flask, fenced: Fenced) -> None:
    with over(web, fenced.owner), web.app_context():
        family, home = registry.resident(households.create_household(village="Bản Riêng"))
        registry.submitted_review(home)
        home_id, commune_id, village = home.id, home.commune_id, home.village
        first, second = (accounts.actor_for(Role.COMMUNE_OFFICER, unit_id=commune_id) for _ in range(2))
        db.session.remove()
    page = "/registry/procedure"
    with acting(web, page, first):
        assert operations.enrol(first, [home_id], Origin.ROUND) == 1
        found = case_of_household(home_id)
        assert found is not None
        key = found.key
    with acting(web, page, first):
        operations.screen(first, key, goes_on=True, note="")
        operations.take_score(first, key)
        operations.visit(first, key, chosen="poor", note="Nhà tạm, ba con nhỏ")
    with acting(web, page, first):
        held = Attendance(village, clock.today(), "Trưởng Thôn", "Thư Ký", 1, "Bà con nghe.")
        hearings.record_meeting(first, held)
        hearings.vote(first, key, Vote("poor", 1, 0, "", "Thôn thấy đúng như vậy"))
    with acting(web, page, first):
        wall = hearings.post(first, village).key
    with acting(web, f"/posting/{wall}", SYSTEM):
        hearings.object_by_page(wall, 1, Complaint("by-page", "Nhà này vừa mua xe tải."))
    with acting(web, page, first):
        case = case_for(first, key)
        one = objections(case)[0]
        hearings.answer(first, key, one.id, {"answer": "Đã xem lại, không phải xe của nhà."}, upheld=False)
    with acting(web, page, first, days=10):
        operations.propose(first, key, decision_number="12/QĐ-UBND")
    with acting(web, page, second, days=10):
        operations.approve(second, key)
    with acting(web, "/declare/case", family, days=11):
        mine = case_of_household(home_id)
        assert mine is not None and mine.state == "recognised" and len(history(mine)) > 7


def test_help_at_home_and_the_roster_work_under_the_fence(web: Flask, fenced: Fenced) -> None:
    with over(web, fenced.owner), web.app_context():
        commune_id = places.commune().id
        helper = accounts.actor_for(Role.DIGITAL_TEAM, unit_id=commune_id)
        keeper = accounts.actor_for(Role.COMMUNE_OFFICER, unit_id=commune_id)
        newcomer = Actor(user_id=accounts.create_user("Người Mới").id, role=Role.BUYER)
        db.session.remove()
    with acting(web, "/declare/help/new", helper):
        home_id = create_household(helper, commune_id, "Bản Mới", PersonFacts("Chẩu Thị Mới")).id
    with acting(web, "/declare/help/new", helper):
        key = declaring.start_for(helper, home_id, asked=True).key
        for question, given in registry.POOR.items():
            declaring.answer(helper, key, question, given)
        declaring.finish(helper, key)
        declaring.confirm_as(helper, declaring.queries.own_review(helper, key), "present")
    with acting(web, "/roster", keeper):
        child = record_birth(
            keeper, home_id, PersonFacts("Chẩu Văn Con", Relation.CHILD), Deed("b1", clock.today())
        )
        made = split_household(keeper, home_id, [child.id], child.id, Deed("s1", clock.today()))
        assert made.village == "Bản Mới"
    with acting(web, "/me/household/new", newcomer):
        facts = PersonFacts("Người Mới", user_id=newcomer.user_id)
        own = create_household(newcomer, commune_id, "Bản Mới", facts)
        add_person(newcomer, own.id, PersonFacts("Con Người Mới", Relation.CHILD))
    with acting(web, "/needs", newcomer):
        need = needs.say(newcomer, needs.Said(NeedKind.WATER, Urgency.SOON, "Xa nguồn nước", None)).key
    with acting(web, "/registry/needs", keeper):
        needs.take(keeper, need)


def test_the_application_asks_for_a_purpose_wherever_it_reads_the_registry(web: Flask) -> None:
    with web.test_request_context("/products"):
        assert purpose() == SHOP
    with web.test_request_context("/registry"):
        assert purpose() == "registry"
    with web.test_request_context("/registry/figures"):
        assert purpose() == "figures"
    with web.test_request_context("/posting/x"):
        assert purpose() == "posting"


def test_fences_go_up_twice_and_down_whole(fenced: Fenced) -> None:
    engine = sa.create_engine(fenced.owner)
    with engine.connect() as connection:
        fences.raise_fences(connection)
        assert fences.unfenced(connection) == []
        named = "SELECT count(*) FROM pg_policies"
        assert connection.execute(sa.text(named)).scalar() == len(fences.policies())
        fences.lower_fences(connection)
        assert connection.execute(sa.text(named)).scalar() == 0
        assert (
            connection.execute(sa.text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'fenced%'")).scalar()
            == 0
        )
        assert fences.bypassed(connection)
        connection.rollback()
    engine.dispose()
    with asking(fenced.url) as web:
        assert not fences.bypassed(web) and fences.unfenced(web) == []
