"""A card from abroad: declined, proved, paid; the collector sends it on, and two families have their parts.

The provider is our own Stripe-like server, a process of its own; what the buyer taps on its page is told to it. The
second story is paid on a card page of the partner's own, by a script that stands in for Stripe's (its file,
`stripe_server/pages/stripe.js`, says what is not tried by it).
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from cooperatives.queries import producer
from core import clock
from core.db import transaction
from orders.queries import order_by_token
from payments.attempts.queries import unfinished
from payments.providers.vietqr import folded
from payments.rails.operations import set_rail
from revenue.collector.operations import open_collector
from revenue.collector.queries import owed_to
from tests.factories.catalog import create_product
from tests.factories.revenue import opened, weighed
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite
from tests.journeys.people import Person, Phone
from tests.journeys.scene import SignIn, Stall, person, row, stall
from tests.journeys.test_3_a_buyer_buys import finds_and_takes, packs_ships_and_delivers, says_who_and_where
from tests.rails.scene import KEYS
from tests.stripe_server.process import StripeServer

pytestmark = pytest.mark.browser
MAU, PAO = "Lý Thị Mẫu", "Triệu Văn Páo"
HOSTED = (
    "<!doctype html><html lang='en'><title>Stripe</title><main><h1>The provider's own page</h1></main></html>"
)


@pytest.fixture(scope="module")
def bank() -> Iterator[StripeServer]:
    """The provider, by the real clock."""
    with StripeServer() as server:
        yield server.fresh(clock._system())
        assert server.look()["faults"] == []


@pytest.fixture(scope="module")
def card_site(tmp_path_factory: pytest.TempPathFactory, bank: StripeServer) -> Iterator[LiveSite]:
    """A site whose rail leads to that provider."""
    live = LiveSite(tmp_path_factory.mktemp("card"))
    live.environment["STRIPE_API_BASE"] = bank.url
    live.app.config["RAIL_BASES"]["STRIPE_API_BASE"] = bank.url
    try:
        live.start()
        yield live
    finally:
        live.stop()


@pytest.fixture(scope="module")
def desk_of_cards(card_site: LiveSite) -> tuple[SignIn, int, int]:
    """A collector whose rail is offered: its manager, its organisation's number and its account's."""
    with card_site.scene():
        with transaction():
            collector_id = open_collector("Bên thu hộ Thẻ").id
        manager = person("Đinh Thu Hộ", Role.MANAGER, collector_id)
        with transaction():
            account_id = set_rail(_wears(manager, collector_id), "stripe", KEYS, enabled=True).id
        return manager, collector_id, account_id


def _wears(manager: SignIn, collector_id: int) -> Actor:
    return Actor(manager.user_id, Role.MANAGER, collector_id)


@dataclass
class Scene:
    """Who is there, as numbers, because rows do not outlive their session."""

    stall: Stall
    lot: str
    collector_id: int
    manager: SignIn
    account_id: int


@pytest.fixture
def scene(card_site: LiveSite, desk_of_cards: tuple[SignIn, int, int]) -> Scene:
    """Noodles of two families, and who takes cards for them."""
    with card_site.scene():
        made = stall("HTX Thẻ", (MAU, PAO))
        coop = row(Cooperative, made.id)
        opened(coop)
        pack = create_product(coop, "Miến trả thẻ").packs[0]
        slips = [weighed(producer(made.producers[who]), net_g=g) for who, g in ((MAU, 30_000), (PAO, 10_000))]
        lot = create_lot(coop, pack, 20, slips=slips).code
    manager, collector_id, account_id = desk_of_cards
    return Scene(made, lot, collector_id, manager, account_id)


@pytest.fixture
def partner_page(
    card_site: LiveSite, bank: StripeServer, desk_of_cards: tuple[SignIn, int, int]
) -> Iterator[str]:
    """The partner keeps the card form on a page of its own; where news of it knocks."""
    manager, collector_id, account_id = desk_of_cards
    for page in (f"{bank.url}/card", "-"):
        with card_site.scene(), transaction():
            set_rail(_wears(manager, collector_id), "stripe", KEYS | {"card_page": page}, enabled=True)
        if page != "-":
            yield f"{card_site.base_url}/webhooks/stripe/{account_id}"


@pytest.fixture
def tea(card_site: LiveSite) -> str:
    """Something to be had, by a name of its own."""
    with card_site.scene():
        made = stall("HTX Trang Thẻ", (MAU,))
        coop = row(Cooperative, made.id)
        opened(coop)
        slip = weighed(producer(made.producers[MAU]), net_g=30_000)
        create_lot(coop, create_product(coop, "Chè trả thẻ").packs[0], 20, slips=[slip])
    return "Chè trả thẻ"


class Hosted:
    """What the buyer does on the provider's page, and the news of it."""

    def __init__(self, site: LiveSite, bank: StripeServer, scene: Scene) -> None:
        self.site, self.bank = site, bank
        self.door = f"{site.base_url}/webhooks/stripe/{scene.account_id}"

    def does(self, token: str, how: str) -> None:
        """A tap there; its letters arrive at our door."""
        with self.site.scene():
            number = unfinished(order_by_token(token).id)[0].provider_ref
        self.bank.order("buyer", number=number, how=how)
        assert set(self.bank.order("deliver", url=self.door, at=int(time.time()))) == {200}


def test_a_card_is_declined_proved_and_paid_and_the_money_reaches_two_families(
    chromium: Any, card_site: LiveSite, bank: StripeServer, scene: Scene
) -> None:
    phones = [Phone(chromium, True, None, base_url=card_site.base_url) for _one in range(4)]
    buyer, desk, manager, mau = (Person(one) for one in phones)
    phones[0].context.route(
        f"{bank.url}/**", lambda way: way.fulfill(body=HOSTED, content_type="text/html; charset=utf-8")
    )
    hosted = Hosted(card_site, bank, scene)

    token = buys_by_card(buyer, "Miến trả thẻ")
    buyer.follows("Mở trang Stripe")
    buyer.reads("The provider's own page")
    hosted.does(token, "decline")
    buyer.opens(f"/orders/{token}/pay")
    buyer.sees("Ngân hàng từ chối thẻ", "Chưa trừ tiền", "Mở trang Stripe")
    buyer.looks("card-declined")
    buyer.follows("Mở trang Stripe")
    hosted.does(token, "3ds")
    buyer.opens(f"/orders/{token}/paid?payment=success")
    buyer.reads("Đang chờ Stripe báo")
    buyer.looks("card-waits")
    hosted.does(token, "success")
    buyer.opens(f"/orders/{token}")
    buyer.reads("Chờ gói")

    with card_site.scene():
        found = order_by_token(token)
        code, total = found.code, found.total_vnd
        owed = owed_to(scene.collector_id, scene.stall.id)
    assert 0 < owed <= total
    net = f"{owed:,}".replace(",", ".")
    collector_sends_it_on(desk, scene, net)
    manager.signs_in(scene.stall.manager)
    manager.opens("/manage/money/collector")
    manager.sees(f"{net} đ", "Bên thu hộ Thẻ")
    manager.looks("card-arrives")
    manager.presses("Tiền đã vào")
    manager.sees("Đã vào tài khoản")
    packs_ships_and_delivers(manager, code, scene.lot)

    manager.opens("/manage/money")
    manager.sees("Còn nợ bà con 45.500 đ", MAU, "34.125 đ", PAO, "11.375 đ")
    mau.signs_in(scene.stall.members[MAU])
    mau.opens("/me/statement")
    mau.sees("Hợp tác xã còn nợ nhà mình", "34.125 đ")
    said = card_site.app.test_cli_runner().invoke(args=["revenue", "verify"])
    assert said.exit_code == 0, said.output
    assert [one for phone in phones for one in phone.close()] == []


def test_a_card_is_paid_on_the_partners_own_page_and_an_unfinished_proof_is_found_again(
    chromium: Any, card_site: LiveSite, bank: StripeServer, partner_page: str, tea: str
) -> None:
    phone = Phone(chromium, True, None, base_url=card_site.base_url)
    buyer, since = Person(phone), len(bank.look()["events"])

    def letters_arrive() -> None:  # slowly, and the old ones again each time
        told = bank.order("deliver", url=partner_page, at=int(time.time()), since=since, delay=0.05)
        assert set(told) == {200}

    token = buys_by_card(buyer, tea)
    buyer.sees("Trang ấy ở địa chỉ 127.0.0.1; thấy địa chỉ khác thì đừng gõ số thẻ.")
    with card_site.scene():
        known = unfinished(order_by_token(token).id)[0]
        number, amount_vnd = known.provider_ref, known.amount_vnd
    intent = bank.look()["rows"][number]
    assert (intent["object"], intent["amount"]) == ("payment_intent", amount_vnd), (
        "made before the order is promised"
    )

    # 402 is how Stripe says no to its script
    phone.refused.add(f"{bank.url}/v1/payment_intents/{number}/confirm")
    pays_on_the_page(buyer, "4000 0000 0000 0002")
    buyer.sees("Thẻ bị từ chối.")
    letters_arrive()
    buyer.follows("Quay lại chợ")
    buyer.sees("Ngân hàng từ chối thẻ", "Mở trang Stripe")

    pays_on_the_page(buyer, "4000 0027 6000 3184")
    buyer.reads("Ngân hàng hỏi: có phải bạn trả không?")
    letters_arrive()
    buyer.opens(f"/orders/{token}/pay")  # closed the bank's page, and comes back by the link in the message
    buyer.looks("card-unproved")
    buyer.follows("Ngân hàng còn hỏi: xác nhận thẻ tiếp")
    buyer.presses("Không phải")
    letters_arrive()
    buyer.opens(f"/orders/{token}/pay")
    pays_on_the_page(buyer, "4242 4242 4242 4242")
    buyer.page.wait_for_url("**/paid?**")
    buyer.reads("Đang chờ Stripe báo")
    letters_arrive()
    buyer.opens(f"/orders/{token}")
    buyer.reads("Chờ gói")

    found = bank.look()
    secret = found["rows"][number]["client_secret"]
    assert [one["amount"] for one in found["rows"].values() if one.get("payment_intent") == number
            and one["object"] == "charge"] == [amount_vnd]  # fmt: skip
    assert "/card" in found["opened"]
    assert not [path for path in found["opened"] if secret in path], (
        "what stands behind the # was told to no server"
    )
    assert phone.close() == []


def pays_on_the_page(buyer: Person, card: str) -> None:
    """From our page to the partner's, a number typed, the button pressed."""
    buyer.follows("Mở trang Stripe")
    buyer.reads("Trang thẻ của đối tác")
    buyer.types("Số thẻ", card)
    buyer._button("Trả tiền").click()


def buys_by_card(buyer: Person, name: str) -> str:
    """From the home page to the page of paying; the order's token."""
    finds_and_takes(buyer, folded(name), name)
    says_who_and_where(buyer, "0912 345 670", "phường Nghĩa Đô, Hà Nội")
    buyer.reads("Trả tiền cách nào?")
    buyer.chooses("Thẻ quốc tế")
    buyer.looks("card-how")
    buyer.presses("Tiếp: xem lại rồi đặt")
    buyer.presses_twice("Đặt hàng,")
    buyer.sees("Chợ không thấy số thẻ")
    buyer.looks("card-pay")
    return buyer.path.split("/")[2]


def collector_sends_it_on(desk: Person, scene: Scene, net: str) -> None:
    """The provider paid out to the collector's bank; the cooperative's part is sent on."""
    desk.signs_in(scene.manager)
    desk.opens("/manage/collector")
    desk.sees(scene.stall.name, f"{net} đ")
    desk.looks("card-desk")
    desk.opens("/manage/collector/settle/stripe")
    desk.types("Đã vào tài khoản bao nhiêu?", net)
    desk.presses_twice("Ghi vào sổ")
    desk.opens(f"/manage/collector/remit/{scene.stall.id}")
    desk.types("Chuyển bao nhiêu?", net)
    desk.looks("card-remit")
    desk.presses_twice("Ghi lần chuyển")
    desk.sees("Chờ hợp tác xã xác nhận")
