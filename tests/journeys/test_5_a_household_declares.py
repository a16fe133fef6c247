"""Journey 5: a household declares, alone or helped, sees every reason of the result, and the officer reads it."""

import re
from dataclasses import dataclass, replace

import pytest

from accounts.rules import SYSTEM, Role
from core import audit
from core.db import db, transaction
from households.operations import PersonFacts, add_person
from registry.questions import BY_ID, DUNNO, QUESTIONS
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.registry import POOR, WELL
from tests.journeys.live import LiveSite
from tests.journeys.people import Person
from tests.journeys.scene import SignIn, person, stall

pytestmark = pytest.mark.browser
NEW_PASSWORD = "suối trong bóng mát 26"


@dataclass
class Village:
    """Two households of a commune, somebody who helps, and the officer who reads."""

    lenh: SignIn
    sung: SignIn
    helper: SignIn
    officer: SignIn
    manager: SignIn


@pytest.fixture
def village(site: LiveSite) -> Village:
    with site.scene():
        unit_id = commune("Côn Minh").id
        lenh, sung = person("Triệu Thị Lềnh"), person("Sùng A Chu")
        for who, name in ((lenh, "Triệu Thị Lềnh"), (sung, "Sùng A Chu")):
            home_id = create_household(head=f"Chủ hộ nhà {name}").id
            with transaction():
                add_person(SYSTEM, home_id, PersonFacts(name, phone=who.e164, user_id=who.user_id))
        shop = stall("HTX Bên Cạnh")
        helper = person("Hà Thị Giúp", Role.DIGITAL_TEAM, shop.organisation_id, unit_id)
        officer = person("Đàm Thị Xã", Role.COMMUNE_OFFICER, shop.organisation_id, unit_id)
        return Village(lenh, sung, helper, officer, shop.manager)


def answers_every_question(
    who: Person, answers: dict[str, str], shots: bool = False, begin: int = 1, end: int = len(QUESTIONS)
) -> None:
    """Twenty-five pages, one question each; some of them where the rest is for another day, or another phone."""
    for number, question in enumerate(QUESTIONS[begin - 1 : end], begin):
        who.sees(f"Câu {number} trên {len(QUESTIONS)}")
        given = answers[question.id]
        if given == DUNNO:
            who.chooses("Không biết")
        elif question.kind == "number":
            who.reads(question.text)
            who.types("Viết bằng số", given)
        else:
            who.chooses(dict(BY_ID[question.id].options)[given])
        if shots and number in (1, 9):
            who.looks(f"5-question-{number}")
        who.presses("Tiếp")
    if end == len(QUESTIONS):
        who.reads("Xem lại trước khi gửi")


def comes_in_by_a_code(site: LiveSite, lenh: Person, who: SignIn) -> SignIn:
    """The password is long forgotten; a code comes to the phone."""
    lenh.opens("/sign-in")
    lenh.follows("Quên mật khẩu")
    lenh.types("Số điện thoại", who.phone)
    lenh.presses("Gửi mã cho tôi")
    lenh.types("Mã 6 chữ số", the_code_in(site.messages_to(who.e164)[-1]))
    lenh.types("Mật khẩu mới", NEW_PASSWORD)
    lenh.presses("Đặt mật khẩu")
    known = replace(who, password=NEW_PASSWORD)
    lenh.signs_in(known)
    return known


def test_a_household_declares_alone_and_sees_why(somebody, site: LiveSite, village: Village) -> None:  # type: ignore[no-untyped-def]
    lenh, borrowed = (
        somebody(script=False),
        somebody(),
    )  # an old phone on which no script runs; a neighbour's new one
    officer, manager = somebody(), somebody()
    answers = POOR | {"walls": DUNNO}
    known = comes_in_by_a_code(site, lenh, village.lenh)
    lenh.opens("/me")
    lenh.looks("5-me")
    lenh.follows("Kê khai của hộ nhà mình")
    lenh.looks("5-declare")
    lenh.presses("Kê khai cho nhà mình")
    answers_every_question(lenh, answers, shots=True, end=9)
    borrowed.signs_in(known)
    borrowed.opens("/declare")
    borrowed.presses("Kê khai tiếp")
    answers_every_question(borrowed, answers, begin=10, end=13)
    lenh.opens("/declare")
    lenh.presses("Kê khai tiếp")
    answers_every_question(lenh, answers, begin=14)
    lenh.looks("5-check")
    lenh.presses_twice("Gửi cho xã")
    lenh.sees(
        "Điểm DEMO",
        "Giống mức hộ nghèo",
        "Vì sao ra kết quả này",
        "thiếu, 10 điểm",
        "Đây chưa phải quyết định",
    )
    lenh.opens_up("Vì sao được từng điểm đời sống")
    lenh.sees("Trả lời “Không biết”, nên được từ", "Trả lời “Không có ai”, nên", "Cộng lại được từ")
    lenh.looks("5-result")

    officer.signs_in(village.officer)
    officer.opens("/registry")
    officer.sees("Giống mức hộ nghèo", "DEMO")
    officer.looks("5-queue")
    officer.follows("Chủ hộ nhà Triệu Thị Lềnh")
    officer.sees("Suối, ao, khe không che", "Lần mở này đã được ghi")
    officer.looks("5-review")
    who_read(site, village.officer.user_id, 1)

    manager.signs_in(village.manager)
    manager.opens("/registry")
    manager.does_not_see("Triệu Thị Lềnh")
    manager.opens(officer.path)
    manager.does_not_see("Triệu Thị Lềnh", "Suối, ao")
    manager.looks("5-not-for-a-manager")


def who_read(site: LiveSite, user_id: int, times: int) -> None:
    """Each reading is a line in the chain of audit."""
    with site.scene():
        lines = db.session.query(audit.AuditLine).filter_by(verb="read declaration", user_id=user_id)
        assert lines.count() == times


def test_a_helper_declares_and_the_household_confirms_by_code(
    somebody, site: LiveSite, village: Village
) -> None:  # type: ignore[no-untyped-def]
    helper, officer = somebody(script=False), somebody()
    helper.signs_in(village.helper)
    helper.opens("/me")
    helper.follows("Giúp một hộ kê khai")
    helper.types("Số điện thoại của người trong hộ", village.sung.phone)
    helper.presses("Gửi mã cho hộ")
    helper.types("Mã 6 chữ số hộ đọc cho nghe", the_code_in(site.messages_to(village.sung.e164)[-1]))
    helper.presses("Bắt đầu kê khai")
    answers_every_question(helper, WELL)
    helper.presses("Gửi cho hộ xác nhận")
    helper.looks("5-household-confirms")
    helper.presses("Gửi mã cho hộ")
    code = the_code_in(site.messages_to(village.sung.e164)[-1])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    helper.types("Mã 6 chữ số", wrong)
    helper.presses("đồng ý, gửi cho xã")
    helper.sees("Mã không đúng")
    helper.types("Mã 6 chữ số", code)
    helper.presses("đồng ý, gửi cho xã")
    helper.sees("Đây chưa phải quyết định")
    helper.looks("5-helped-result")
    officer.signs_in(village.officer)
    officer.opens("/registry")
    officer.sees("có người giúp")


def the_code_in(message: str) -> str:
    found = re.search(r"\b(\d{6})\b", message)
    assert found, message
    return found[1]
