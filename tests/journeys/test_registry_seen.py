"""The registry to those who read it: a province its totals, a household what it allows and takes back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from accounts.rules import SYSTEM, Role
from core import clock
from core.db import db, transaction
from households.models import Household
from households.operations import PersonFacts, add_person
from places.models import Unit
from places.rules import Level
from registry import operations as declaring
from registry.models import CommuneConsent
from registry.queries import reviews_of_household
from tests.factories.households import create_household
from tests.factories.registry import POOR, WELL, resident
from tests.journeys.live import LiveSite
from tests.journeys.offline import reads_well
from tests.journeys.people import Person
from tests.journeys.scene import SignIn, person
from tests.site.visit import RULES

pytestmark = pytest.mark.browser
YEAR = clock.today().year


def declared(home_id: int, answers: dict[str, str]) -> None:
    """The family declares and sends."""
    who, _home = resident(db.session.get_one(Household, home_id))
    with transaction():
        declaring.finish(who, declaring.answer_all(who, declaring.start(who), answers).key)


@pytest.fixture
def province(site: LiveSite) -> tuple[SignIn, list[str]]:
    """An officer of Lâm Đồng: two communes, three households of this year, one of them poor again."""
    with site.scene():
        today = select(Unit).where(Unit.valid_to.is_(None)).order_by(Unit.id)
        lam_dong = today.where(Unit.level == Level.PROVINCE, Unit.code == "68")
        above = db.session.execute(lam_dong).scalars().one()
        first, second = db.session.execute(today.where(Unit.parent_id == above.id).limit(2)).scalars()
        province_id, names = above.id, [first.name, second.name]
        homes = [
            create_household(unit, "Buôn Ea Đrăng", f"H’Bia {n}").id
            for n, unit in enumerate((first, first, second))
        ]
        for year, answers in ((YEAR - 2, POOR), (YEAR - 1, WELL)):
            with clock.use(clock.start_of(date(year, 11, 20)) + timedelta(hours=9)):
                declared(homes[0], answers)
        for home_id, answers in zip(homes, (POOR, WELL, POOR), strict=True):
            declared(home_id, answers)
        return person("Ksor Thị Tỉnh", Role.PROVINCE_OFFICER, None, province_id), names


def test_a_province_reads_its_totals_at_a_desk(
    somebody: Callable[..., Person], province: tuple[SignIn, list[str]]
) -> None:
    officer, (first, second) = province
    tinh = somebody(viewport={"width": 1280, "height": 800}, is_mobile=False, has_touch=False)
    tinh.signs_in(officer)
    tinh.opens(f"/registry/figures?round={YEAR}&basis=declared")
    tinh.sees(
        f"Đợt {YEAR}: 3 hộ đã kê khai",
        first,
        second,
        "1 trong 2 hộ",
        "1 trong 1 hộ",
        "Trở lại mức nghèo: 1 hộ",
    )
    tinh.looks("6-province")
    table = tinh.page.locator("section[aria-labelledby=places] tbody tr")
    counts = [[int(one) for one in row.locator("td").all_inner_texts()] for row in table.all()]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1], (
        "a total is the sum of its parts"
    )
    for file in ("Tải bảng Excel", "Tải bản in (PDF)"):
        assert len(tinh.fetches(file)) > 1_000
    found = Axe().run(tinh.page, options=RULES).response["violations"]
    assert found == []


@pytest.fixture
def seller(site: LiveSite) -> tuple[SignIn, SignIn, int]:
    """Somebody of a household that declared, an officer of its commune, and the household."""
    with site.scene():
        home = create_household(
            head="Y Bhiông Ayŭn Mlô Duôn Du", village="Buôn Ea Sup Thượng, khu tái định cư số 12"
        )
        home_id, unit_id = home.id, home.commune_id
        declared(home_id, POOR)
        family = person("H’Mơ Rcăm Ksor Đê")
        with transaction():
            facts = PersonFacts("H’Mơ Rcăm Ksor Đê", phone=family.e164, user_id=family.user_id)
            add_person(SYSTEM, home_id, facts)
        return family, person("Hà Thị Xã", Role.COMMUNE_OFFICER, None, unit_id), home_id


def test_a_household_takes_a_consent_back_and_sees_who_read(
    site: LiveSite, somebody: Callable[..., Person], seller: tuple[SignIn, SignIn, int]
) -> None:
    family, officer, home_id = seller
    home, xa = somebody(), somebody(viewport={"width": 1280, "height": 800}, is_mobile=False, has_touch=False)
    home.signs_in(family)
    home.opens("/declare")
    home.sees("Không đồng ý thì không mất gì")
    home.presses("Đồng ý cho xã xem")
    home.sees("Đang cho xem, từ")
    home.looks("6-consent-given")

    with site.scene():
        key = reviews_of_household(home_id)[0].key
    xa.signs_in(officer)
    xa.opens(f"/registry/reviews/{key}")
    xa.sees("Hộ cho xem")
    xa.looks("6-review-at-a-desk")

    home.opens("/me/record")
    home.sees("Cho xã xem mức bán hàng")
    home.looks("6-record")
    reads_well(home.page)
    home.presses("Bỏ đồng ý")
    home.sees("đã bỏ")
    home.opens_up("Ai đã xem, đã ghi")
    home.sees("Xem bản kê khai", "Hà Thị Xã")
    xa.opens(f"/registry/reviews/{key}")
    xa.sees("Hộ không cho xem, hoặc không bán. Không được coi đó là dấu hiệu gì.")
    with site.scene():
        (consent,) = db.session.query(CommuneConsent).filter_by(household_id=home_id).all()
        assert consent.withdrawn_at is not None
