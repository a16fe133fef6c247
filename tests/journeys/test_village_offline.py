"""A family is helped at home where there is no line: the officer's phone takes a village along, sealed; the answers and
the signed sheet wait in it; back on the road they arrive, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from accounts.rules import SYSTEM, Role
from core.db import db, transaction
from households import models as households
from households.models import HouseholdMember
from households.operations import PersonFacts, add_person
from registry import operations as declaring
from registry.confirming.queries import photo_of
from registry.models import Review
from registry.papers.models import ScannedPaper
from registry.phones.models import PhoneEntry
from registry.procedure import operations as procedure
from registry.procedure.models import ReviewCase, VillageMeeting
from registry.procedure.queries import case_of_household
from registry.procedure.rules import Origin
from registry.questions import BY_ID, QUESTIONS
from tests.factories.accounts import actor_for
from tests.factories.households import create_household
from tests.factories.registry import POOR, resident
from tests.journeys.live import LiveSite
from tests.journeys.offline import DUMP, STORE, WAIT_MS, reads_well, shot, waits
from tests.journeys.people import Person, Phone
from tests.journeys.scene import SignIn, person
from tests.shaper import Line

pytestmark = pytest.mark.browser
PIN = "428316"


@pytest.fixture
def officer(site: LiveSite) -> SignIn:
    """An officer whose commune has one household on the round's list."""
    with site.scene():
        home = create_household(head="Bàn Thị Lềnh", village="Thôn Khuổi Bốc")
        home_id, unit_id = home.id, home.commune_id
        made = person("Hà Thị Một", Role.COMMUNE_OFFICER, None, unit_id)
        with transaction():
            procedure.enrol(actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id), [home_id], Origin.ROUND)
        return made


def presses(who: Person, text: str) -> None:
    """A button that leads to no other page."""
    who.page.get_by_role("button", name=text).locator("visible=true").first.click()


def answers_on_the_phone(who: Person) -> None:
    for number, question in enumerate(QUESTIONS, 1):
        who.sees(f"Câu {number} trên {len(QUESTIONS)}")
        given = POOR[question.id]
        if question.kind == "number":
            who.page.locator(f"#n-{question.id}").fill(given)
        else:
            text = dict(BY_ID[question.id].options)[given]
            who.page.locator(f'[data-question="{question.id}"] label').filter(has_text=text).first.click()
        if number == 12:
            who.looks("6-village-question")
            reads_well(who.page)
        presses(who, "Tiếp")


def secrets_in(who: Person) -> list[str]:
    """What of the family whoever copies the phone's storage can read. Kept pages name every possible answer."""
    kept = [text for text in who.page.evaluate(DUMP) if not text.startswith("cache: ")]
    cached = " ".join(text for text in who.page.evaluate(DUMP) if text.startswith("cache: "))
    words = ("Bàn Thị Lềnh", "Khuổi Bốc", "Lý Văn Trưởng", "stream", "temporary", '"people"')
    return [one for one in words if one in " ".join(kept)] + [one for one in words[:3] if one in cached]


def takes_the_list_along(hoa: Person) -> None:
    """The day's list of one village, under six digits of her own."""
    hoa.opens("/registry/procedure")
    hoa.follows("Mang danh sách vào thôn")
    expect(hoa.page.locator("#village option", has_text="Thôn Khuổi Bốc")).to_have_count(1, timeout=WAIT_MS)
    hoa.picks("Thôn", "Thôn Khuổi Bốc")
    hoa.types("Đặt mã 6 số", PIN)
    hoa.looks("6-village-pin")
    presses(hoa, "Lấy danh sách về máy")
    hoa.sees("1. Bàn Thị Lềnh", "Tự xoá lúc")
    waits(hoa.page, "async () => Boolean(navigator.serviceWorker.controller)")
    waits(
        hoa.page,
        "async () => Boolean((await navigator.serviceWorker.getRegistration('/registry/x'))?.active)",
    )


def loses_it_after_its_day(hoa: Person) -> None:
    """Twenty-four hours on the list is gone by itself; the rest goes at a press."""
    hoa.page.clock.set_system_time(datetime.now().astimezone() + timedelta(hours=24, minutes=1))
    hoa.opens("/declare/offline/village")
    expect(hoa.page.get_by_label("Đặt mã 6 số")).to_be_visible(timeout=WAIT_MS)
    assert not [text for text in hoa.page.evaluate(DUMP) if text.startswith("names:")], "its day is over"
    hoa.opens("/declare/offline/phone")
    presses(hoa, "Xoá hết khỏi máy này ngay")
    hoa.page.get_by_role("button", name="Xoá hết", exact=True).click()
    hoa.sees("Máy này không còn giữ gì")
    waits(hoa.page, f"async () => !(await ({STORE}).me())")
    assert secrets_in(hoa) == []


def test_a_family_is_helped_at_home_without_a_line_and_it_arrives_once(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], officer: SignIn
) -> None:
    hoa = Person(phone_on(line))
    hoa.signs_in(officer)
    takes_the_list_along(hoa)

    line.down()
    hoa.opens("/registry/procedure")
    hoa.reads("Rà soát trong thôn, không cần mạng")
    hoa.does_not_see("Bàn Thị Lềnh")
    hoa.types("Mã 6 số của danh sách", "000001")
    presses(hoa, "Mở danh sách")
    hoa.sees("Còn 4 lần thử")
    hoa.types("Mã 6 số của danh sách", PIN)
    presses(hoa, "Mở danh sách")
    hoa.sees("1. Bàn Thị Lềnh")
    hoa.looks("6-village-day")
    reads_well(hoa.page)
    presses(hoa, "Mẫu B: 25 câu")
    answers_on_the_phone(hoa)
    hoa.sees("Đọc lại cho hộ nghe", "Suối, ao, khe không che")
    hoa.types("Họ tên người làm chứng", "Lý Văn Trưởng")
    hoa.page.locator("#sheet").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot(3)})
    hoa.sees("Đã có ảnh tờ giấy")
    hoa.looks("6-village-agreed")
    presses(hoa, "Hộ đã ký, giữ trong máy")
    hoa.sees("Mẫu B: Chỉ ở trong máy này")
    assert secrets_in(hoa) == []

    line.up()
    hoa.opens("/declare/offline/phone")
    sent = hoa.page.locator("[data-list] [data-state=sent]")
    expect(sent).to_have_count(1, timeout=WAIT_MS)
    hoa.looks("6-village-phone")
    reads_well(hoa.page)
    with site.scene():
        (entry,) = db.session.query(PhoneEntry).filter_by(user_id=officer.user_id).all()
        review = db.session.get_one(Review, entry.review_id)
        assert (review.state, review.confirmed_how) == ("submitted", "mark") and photo_of(review)
        assert db.session.query(Review).filter_by(household_id=review.household_id).count() == 1
    loses_it_after_its_day(hoa)


@pytest.fixture
def head(site: LiveSite) -> SignIn:
    """A village head, and two households of her village that were scored and wait for a visit."""
    with site.scene():
        unit_id, place = 0, "Thôn Nà Pàn"
        for name in ("H’Mơ Rcăm Ksor Đê", "Giàng A Páo Thị Mí Dính Súa"):
            home = create_household(head=name, village=place)
            who, unit_id = resident(home)[0], home.commune_id
            officer = actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)
            with transaction():
                declaring.finish(who, declaring.answer_all(who, declaring.start(who), POOR).key)
                procedure.enrol(officer, [home.id], Origin.ROUND)
                case = case_of_household(home.id)
                assert case is not None
                procedure.screen(officer, case.key, goes_on=True, note="")
                procedure.take_score(officer, case.key)
        return person("Lý Thị Trưởng", Role.VILLAGE_HEAD, None, unit_id, place)


def visits_a_home(lan: Person, name: str, note: str) -> None:
    """What she saw, the class she proposes, a photo."""
    lan.page.get_by_role("button", name=f"Tới thăm {name}").click()
    presses(lan, "Giữ trong máy, có mạng thì gửi")
    lan.sees("Viết điều đã thấy ở nhà hộ")
    lan.types("Đã thấy gì ở nhà hộ", note)
    lan.page.locator('[data-form="visit"] label').filter(has_text="Hộ nghèo").first.click()
    lan.page.locator('[data-form="visit"] [data-shots]').set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot(5)}
    )
    lan.sees("Đã có 1 ảnh trong máy")
    lan.looks("6-village-visit")
    presses(lan, "Giữ trong máy, có mạng thì gửi")
    lan.sees("Tới thăm: Chỉ ở trong máy này")


def writes_the_meeting_down(lan: Person) -> None:
    """Both households came; over the second they are divided."""
    presses(lan, "Ghi buổi họp thôn")
    lan.types("Ai chủ trì", "Lý Thị Trưởng")
    lan.types("Ai ghi biên bản", "Bàn Thị Thư")
    lan.types("Bao nhiêu hộ trong danh sách có người dự", "2")
    votes = lan.page.locator("[data-votes] section")
    expect(votes).to_have_count(2)
    for place, (yes, no) in enumerate((("2", "0"), ("1", "1"))):
        votes.nth(place).get_by_label("Số hộ đồng ý").fill(yes)
        votes.nth(place).get_by_label("Số hộ không đồng ý").fill(no)
    presses(lan, "Giữ trong máy, có mạng thì gửi")
    lan.sees("Hộ số 2: có người không đồng ý, viết họ nói gì")
    votes.nth(1).get_by_label("Người không đồng ý nói gì").fill("Nhà có ruộng ở xã bên")
    lan.looks("6-village-meeting")
    reads_well(lan.page)
    presses(lan, "Giữ trong máy, có mạng thì gửi")
    lan.sees("Họp thôn: Chỉ ở trong máy này")


def test_a_village_head_visits_and_holds_the_meeting_without_a_line(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], head: SignIn
) -> None:
    lan = Person(phone_on(line))
    lan.signs_in(head)
    lan.opens("/declare/offline/village")
    expect(lan.page.locator("#village option")).to_have_count(2, timeout=WAIT_MS)
    lan.picks("Thôn", "Thôn Nà Pàn")
    lan.types("Đặt mã 6 số", PIN)
    presses(lan, "Lấy danh sách về máy")
    lan.sees("1. H’Mơ Rcăm Ksor Đê", "2. Giàng A Páo Thị Mí Dính Súa")
    waits(lan.page, "async () => Boolean(navigator.serviceWorker.controller)")
    line.down()
    visits_a_home(lan, "H’Mơ Rcăm Ksor Đê", "Nhà dột, ba con nhỏ")
    visits_a_home(lan, "Giàng A Páo Thị Mí Dính Súa", "Nhà tranh, một sào ruộng")
    lan.looks("6-village-visited")
    reads_well(lan.page)
    writes_the_meeting_down(lan)
    kept = " ".join(text for text in lan.page.evaluate(DUMP) if not text.startswith("cache: "))
    assert not [word for word in ("Páo", "dột", "ruộng", "Nà Pàn", "Thư") if word in kept]

    line.up()
    lan.opens("/declare/offline/phone")
    expect(lan.page.locator("[data-list] [data-state=sent]")).to_have_count(3, timeout=WAIT_MS)
    with site.scene():
        (meeting,) = db.session.query(VillageMeeting).filter_by(village="Thôn Nà Pàn").all()
        cases = db.session.query(ReviewCase).filter_by(village="Thôn Nà Pàn").order_by(ReviewCase.id).all()
        assert meeting.quorate and [one.state for one in cases] == ["met", "scored"]
        assert db.session.query(ScannedPaper).filter_by(village="Thôn Nà Pàn", shows="home").count() == 2


@pytest.fixture
def family(site: LiveSite) -> SignIn:
    """Somebody with an account of her own, in a household of the roster."""
    with site.scene():
        lenh = person("Triệu Thị Lềnh")
        home_id = create_household(head="Bàn Văn Chủ").id
        with transaction():
            add_person(SYSTEM, home_id, PersonFacts("Triệu Thị Lềnh", phone=lenh.e164, user_id=lenh.user_id))
        return lenh


def test_a_family_declares_by_itself_without_a_line_and_it_arrives_once(
    site: LiveSite, line: Line, phone_on: Callable[..., Phone], family: SignIn
) -> None:
    lenh = Person(phone_on(line))
    lenh.signs_in(family)
    lenh.opens("/declare/offline")
    lenh.sees(f"Câu 1 trên {len(QUESTIONS)}")
    waits(
        lenh.page,
        "async () => Boolean((await navigator.serviceWorker.getRegistration('/declare/offline'))?.active)",
    )

    line.down()
    lenh.opens("/declare/offline")
    answers_on_the_phone(lenh)
    lenh.sees("Xem lại trước khi gửi")
    presses(lenh, "Giữ trong máy, có mạng thì gửi xã")
    expect(lenh.page.locator("[data-line]")).to_be_visible(timeout=WAIT_MS)
    assert secrets_in(lenh) == []

    line.up()
    lenh.opens("/declare/offline/phone")
    expect(lenh.page.locator("[data-list] [data-state=sent]")).to_have_count(1, timeout=WAIT_MS)
    lenh.opens("/declare/offline/phone")
    with site.scene():
        member = db.session.query(HouseholdMember).join(households.Person)
        home_id = member.filter(households.Person.user_id == family.user_id).one().household_id
        (review,) = db.session.query(Review).filter_by(household_id=home_id).all()
        assert (review.state, review.helped_by_user_id) == ("submitted", None)
