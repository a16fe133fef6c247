"""A small whole world for the access matrix and the guards: two cooperatives, orders in every state, every role.

Made once per process through the verbs, kept as a database file, and copied for each test that asks for `world`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from accounts.models import User
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.db import db, transaction
from tests.conftest import NOW
from tests.factories import (
    accounts,
    catalog,
    cooperatives,
    households,
    needs,
    payments,
    places,
    procedure,
    registry,
    revenue,
    sales,
    traceability,
)
from tests.registry_fairness.world import rechecks, signed_minutes
from tests.registry_figures.world import released

OFFICERS = {Role.VILLAGE_HEAD, Role.COMMUNE_OFFICER, Role.DIGITAL_TEAM}


@dataclass
class World:
    """What route rows may name: rows by class and id, read anew in the application context that asks."""

    users: dict[Role, int] = field(default_factory=dict)
    grants: dict[Role, int | None] = field(default_factory=dict)
    things: dict[str, tuple[type[Any], int]] = field(default_factory=dict)
    desk: Actor | None = None  # who runs the collector

    def __getattr__(self, name: str) -> Any:
        if name not in self.things:
            raise AttributeError(name)
        kind, row_id = self.things[name]
        return db.session.get_one(kind, row_id)


def thing(row: Any) -> tuple[type[Any], int]:
    """Where to find a row again."""
    return type(row), row.id


def _cooperative(world: World, name: str, prefix: str) -> Any:
    coop = cooperatives.create_cooperative(name)
    product = catalog.create_product(coop, f"Miến dong {name}")
    pack = product.packs[0]
    revenue.opened(coop, 5_000_000, 5_000_000)
    producers = [
        cooperatives.create_producer(coop, f"Bàn Thị {n}") for n in ("Một", "Hai", "Ba", "Bốn", "Năm")
    ]
    slips = [traceability.create_slip(coop, producer) for producer in producers]
    lot = traceability.create_lot(coop, pack, 40, slips)
    free = traceability.create_slip(coop, producers[0])
    batch = traceability.open_batch(coop)
    names = {
        "coop": coop,
        "product": product,
        "pack": pack,
        "producer": producers[0],
        "slip": free,
        "lot": lot,
        "batch": batch,
    }
    world.things |= {f"{prefix}{key}": thing(row) for key, row in names.items()}
    return coop, pack


def _orders(world: World, pack: Any, other_pack: Any) -> None:
    make = payments.place_order
    paid = make([(pack, 1)], phone="+84900000001")[0]
    payments.pay(paid)
    made = {
        "order": make([(pack, 1)], phone="+84900000002")[0],
        "paid_order": paid,
        "packed_order": payments.packed(make([(pack, 1)], phone="+84900000003")[0]),
        "shipped_order": payments.shipped(make([(pack, 1)], phone="+84900000004")[0]),
        "delivered_order": revenue.delivered(payments.shipped(make([(pack, 2)], phone="+84900000005")[0])),
        "cod_order": make([(pack, 1)], method="cod", phone="+84900000006")[0],
        "other_order": make([(other_pack, 1)], phone="+84900000007")[0],
    }
    world.things |= {name: thing(order) for name, order in made.items()}


def _people(world: World, coop: Any) -> None:
    commune = places.commune()
    village = "Thôn Chè Cọ"
    world.things["commune"] = thing(commune)
    for role in Role:
        if role is Role.SYSTEM:
            continue
        if role is Role.BUYER:
            world.users[role], world.grants[role] = accounts.create_user("Người mua").id, None
            continue
        served = (
            coop.organisation_id
            if role in (Role.PRODUCER, Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
            else _project()
            if role is Role.PROJECT_STAFF
            else None
        )
        unit_id = (
            commune.id if role in OFFICERS else commune.parent_id if role is Role.PROVINCE_OFFICER else None
        )
        actor = accounts.actor_for(role, served, unit_id, village if role is Role.VILLAGE_HEAD else None)
        world.users[role], world.grants[role] = actor.user_id or 0, actor.grant_id


def _project() -> int:
    with transaction():
        from accounts.operations import create_organisation

        return create_organisation("project", "Dự án của ta").id


def _registry(world: World) -> None:
    here = households.create_household(village="Thôn Chè Cọ", head="Hộ Của Xã")
    there = households.create_household(commune=places.commune("Cầu Giấy"), head="Hộ Nơi Khác")
    world.things |= {"household": thing(here), "other_household": thing(there)}
    world.things["review"] = thing(registry.submitted_review(here))
    world.things["other_review"] = thing(registry.submitted_review(there))
    world.things["standard_import"] = thing(registry.proposed_points())
    world.things["breach"] = thing(registry.noticed_breach())
    released(2025)
    for prefix, home in (("", here), ("other_", there)):
        world.things[f"{prefix}sales"] = thing(sales.sent(home))
        world.things[f"{prefix}need"] = thing(needs.said_need(home))
        world.things[f"{prefix}record_request"] = thing(needs.asked(home))
    _procedure(world)


def _procedure(world: World) -> None:
    """A case whose list hangs on the wall, and one of another commune."""
    _who, case, wall = procedure.posted()
    world.things |= {"case": thing(case), "wall": thing(wall)}
    _who, other = procedure.listed(world.other_household)
    world.things["other_case"] = thing(other)
    world.things |= {name: thing(row) for name, row in rechecks(world.users).items()}
    world.things |= {name: thing(row) for name, row in signed_minutes().items()}


def make_world(app: Flask) -> World:
    """Fill the application's database; what was made, detached."""
    world = World()
    with app.app_context():
        coop, pack = _cooperative(world, "HTX Ta", "")
        _other, other_pack = _cooperative(world, "HTX Bạn", "other_")
        _orders(world, pack, other_pack)
        _people(world, coop)
        _registry(world)
        _extras(world, coop)
        _recalls(world)
        _collector(world, coop)
        _markets(world)
        db.session.remove()
    return world


def _extras(world: World, coop: Any) -> None:
    """A producer with an account of her own, so that her statement can be opened."""
    person = db.session.get_one(User, world.users[Role.PRODUCER])
    with transaction():
        from households.operations import PersonFacts, add_person

        member = add_person(SYSTEM, world.household.id, PersonFacts(person.name, user_id=person.id))
        from cooperatives.operations import add_producer
        from cooperatives.rules import StandingKind

        mine = add_producer(SYSTEM, StandingKind.MEMBER, cooperative_id=coop.id, person_id=member.id)
    world.things["mine"] = thing(mine)


def _recalls(world: World) -> None:
    """In each cooperative a lot that was taken back, with its case still open."""
    from office.recalls.operations import begin

    for prefix in ("", "other_"):
        coop, product = getattr(world, f"{prefix}coop"), getattr(world, f"{prefix}product")
        lot_id, manager = traceability.create_bulk(coop, product, 1_000).id, cooperatives.manager_of(coop)
        with transaction():
            made = begin(manager, f"recall-{lot_id:08}", f"lot:{lot_id}", "Gói bị ẩm")
        world.things[f"{prefix}recall"] = thing(made)


def _markets(world: World) -> None:
    """In each cooperative a marketplace's template, an order file, and an order that waits for a person."""
    from tests.marketplaces.standing import stand

    for prefix in ("", "other_"):
        coop = getattr(world, f"{prefix}coop")
        made = stand(cooperatives.manager_of(coop), coop, prefix)
        world.things |= {f"{prefix}{name}": thing(row) for name, row in made.items()}


def _collector(world: World, coop: Any) -> None:
    """A collector with a rail that is not offered yet, who has money on its way to the first cooperative."""
    from payments.rails.operations import set_rail
    from revenue.collector.operations import open_collector
    from tests.channels_saleor.standing import stand
    from tests.rails.scene import KEYS
    from tests.rails.sending import sent

    with transaction():
        collector_id = open_collector("Bên thu hộ").id
    world.desk = accounts.actor_for(Role.MANAGER, organisation_id=collector_id)
    with transaction():
        set_rail(world.desk, "stripe", KEYS, enabled=False)
    world.things["remittance"] = thing(sent(collector_id, coop))
    world.things["saleor_order"] = thing(stand(world.desk, coop, world.things["product"][1]))


@pytest.fixture
def kept_world(app: Flask) -> World:
    """The world's database under the application: made by the first test that asks, copied for the others."""
    databases = app.extensions["databases"]
    if "kept_world" not in databases.made:
        with clock.use(NOW):
            databases.keep("kept_world", make_world(app))
    world: World = databases.made["kept_world"]
    return world


@pytest.fixture
def world(kept_world: World) -> Iterator[World]:
    """The world, in a fresh copy of its database."""
    with clock.use(NOW):
        yield kept_world
