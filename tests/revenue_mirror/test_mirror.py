"""A family sees where its kilos went and what it got, and cannot reckon out what its neighbours got."""

import re

import pytest

from accounts.rules import Actor, Role
from catalog.models import Pack
from core.db import db
from revenue.mirror.queries import mirror_of
from tests.factories.accounts import create_user, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.payments import place_order
from tests.factories.revenue import delivered, weighed
from tests.factories.traceability import create_lot, create_slip
from tests.queries import count_queries


class Village:
    """A cooperative, a family that can sign in, neighbours, and one lot of all their slips."""

    def __init__(self, app, neighbours):
        with app.app_context():
            coop = create_cooperative()
            pack = create_product(coop, "Miến dong", 65_000, 500).packs[0]
            person = create_user("Lý Thị Mẫu")
            mine = create_producer(coop, phone=person.phone, user_id=person.id)
            others = [create_producer(coop, f"Bàn Văn {number}") for number in range(neighbours)]
            slips = [create_slip(coop, one, net_g=40_000) for one in (mine, *others)]
            self.number, self.slip = slips[0].number, slips[0].id
            self.code = create_lot(coop, pack, 20, slips).code
            self.mine, self.other = mine.id, others[0].id
            self.pack, self.her = pack.id, Actor(person.id, Role.PRODUCER)
            db.session.rollback()
        self.app = app

    def sell(self, pieces):
        with self.app.app_context():
            [order] = place_order([(db.session.get_one(Pack, self.pack), pieces)])
            delivered(order)
            db.session.rollback()

    def page(self, client, producer_id=None):
        sign_in(client, self.her)
        return client.get(f"/me/statement/{producer_id or self.mine}/kilos")


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).replace("\xa0", " ").split())


def test_a_family_sees_its_slip_the_lot_the_price_and_its_share(app, client):
    village = Village(app, 5)
    village.sell(4)
    answer = village.page(client)
    text = words(answer)
    assert answer.status_code == 200 and village.number in text and village.code in text and "40 kg" in text
    assert "4 gói đã tới tay người mua, còn 16 gói" in text and "Giá mỗi gói 65.000 đ" in text
    assert "260.000 đ" in text and "182.000 đ" in text
    with app.app_context():
        seen = mirror_of(village.mine).lots[0]
        others = [mirror_of(village.other).lots[0].mine_vnd]
    assert seen.mine_vnd > 0 and seen.mine_vnd + 5 * others[0] in range(182_000 - 5, 182_000 + 6)
    assert f"about=slip:{village.slip}" in answer.text or f"about=slip%3A{village.slip}" in answer.text


def test_of_few_households_no_sum_is_shown_from_which_a_neighbours_money_follows(app, client):
    village = Village(app, 1)
    village.sell(4)
    text = words(village.page(client))
    assert "20 % số gói đã tới tay người mua" in text and "trừ đi là ra tiền của nhà khác" in text
    assert "260.000" not in text and "182.000" not in text and "4 gói" not in text
    assert "Nhà mình được chia 91.000 đ" in text


def test_what_waits_in_the_store_is_told(app, client):
    village = Village(app, 5)
    with app.app_context():
        from cooperatives.models import Producer

        weighed(db.session.get_one(Producer, village.mine), net_g=12_500)
        db.session.rollback()
    text = words(village.page(client))
    assert "Còn ở kho, chưa làm" in text and "12,5 kg" in text


def test_somebody_elses_kilos_are_not_found(app, client):
    village = Village(app, 5)
    assert village.page(client, village.other).status_code == 404


def test_dispute_link_names_the_slip(app, client):
    village = Village(app, 5)
    sign_in(client, village.her)
    asked = client.get(f"/me/statement/{village.mine}/disputes/new?about=slip:{village.slip}")
    assert asked.status_code == 200 and village.number in words(asked)


@pytest.mark.parametrize("families", [1, 6])
def test_the_statements_asked_do_not_grow_with_the_families(app, families):
    village = Village(app, families)
    with app.app_context(), count_queries(app) as counted:
        mirror_of(village.mine)
    assert counted.count <= 7 + 7
