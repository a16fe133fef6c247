"""A cooperative's goods go to a shop on Saleor with one press; what the shop refused is said, mended and sent again."""

from collections.abc import Iterator

import pytest

from accounts.rules import Role
from channels.saleor.installing import install
from channels.saleor.operations import allow_instance
from channels.saleor.rules import product_ref
from channels.saleor.tasks import publish
from cooperatives.models import Cooperative
from core.db import transaction
from revenue.collector.operations import open_collector
from tests.factories.accounts import actor_for
from tests.factories.catalog import create_product
from tests.journeys.live import LiveSite
from tests.journeys.scene import Stall, row, stall
from tests.saleor_server.server import SaleorServer

pytestmark = pytest.mark.browser


@pytest.fixture
def saleor() -> Iterator[SaleorServer]:
    """A shop that is asked for over HTTP."""
    with SaleorServer() as server:
        yield server


@pytest.fixture
def shop(site: LiveSite, saleor: SaleorServer) -> Stall:
    """A cooperative with two goods, of which the shop refuses one; the collector let the shop in."""
    with site.scene():
        made = stall("HTX Lên Mạng")
        coop = row(Cooperative, made.id)
        create_product(coop, "Miến dong Côn Minh", available=6)
        saleor.shop.spoil[product_ref(create_product(coop, "Măng khô", available=3).id)] = "INVALID_PRICE"
        with transaction():
            collector_id = open_collector("Bên thu hộ Thử Nghiệm").id
        with transaction():
            allow_instance(
                actor_for(Role.MANAGER, organisation_id=collector_id), "Chợ trên mây", saleor.url, "vietnam"
            )
        install(saleor.url, saleor.shop.token)
        return made


def test_goods_go_to_a_shop_with_one_press_and_leave_it_with_another(somebody, site, shop, saleor) -> None:  # type: ignore[no-untyped-def]
    manager = somebody()
    manager.signs_in(shop.manager)
    manager.opens("/manage/saleor")
    manager.presses("Bán ở đây")
    with site.scene():
        publish()
    assert len(saleor.shop.products) == 1
    manager.opens("/manage/saleor")
    manager.sees("Chợ trên mây", "Đang nối", "Món đúng như ở chợ", "Măng khô", "Bên kia không nhận giá này")
    manager.looks("saleor-fault")
    saleor.shop.spoil.clear()
    manager.presses("Gửi lại ngay")
    with site.scene():
        publish()
    assert len(saleor.shop.products) == 2
    manager.opens("/manage/saleor")
    manager.presses("Thôi bán ở đây")
    with site.scene():
        publish()
    assert not any(one["channelListings"][0]["isPublished"] for one in saleor.shop.products.values())
    assert len(saleor.shop.named("CpCreate")) == 2, "each product was made once"
