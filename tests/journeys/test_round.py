"""A commune's whole round with ten households: lists, visits, a village meeting with a dissent, the wall, an objection
that is upheld, two signatures, a certificate; and a family poor, then not, then poor again.

A posting hangs for working days, and its rows never change: so a server of this journey's own, over the live site's
database, reads a clock that the story moves on.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from werkzeug.serving import WSGIRequestHandler, make_server

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from households.models import Household
from places.models import Unit
from registry import operations as declaring
from registry.procedure import hearings, operations
from registry.procedure.models import MeetingVote, Objection, ReviewCase, WallLine, WallList
from registry.procedure.queries import case_of_household
from registry.procedure.rules import Origin
from tests.factories.accounts import actor_for
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.factories.procedure import meeting
from tests.factories.registry import POOR, WELL, resident
from tests.journeys.live import LiveSite, free_port
from tests.journeys.offline import reads_well
from tests.journeys.people import Person
from tests.journeys.scene import SignIn, person

pytestmark = pytest.mark.browser
VILLAGE = "Thôn Nà Lẹng"
DESK = {"viewport": {"width": 1280, "height": 800}, "is_mobile": False, "has_touch": False}
NEAR = POOR | {"jobless": "no", "underweight": "no", "uninsured": "no", "young_unschooled": "no", "walls": "wood",
               "area": "60", "water": "piped", "toilet": "hygienic", "internet": "yes", "devices": "yes",
               "allowance": "0", "children": "2"}  # fmt: skip
TRUCK, DIVIDED, TENTH, AGAIN = "Bàn Thị Lềnh", "Bàn Thị Lở", "Bàn Thị Vần", "Bàn Thị Nái"
CALLED = "Bàn Thị Mẩy"
HEADS = {TRUCK: POOR, "Bàn Thị Sùng": POOR, "Giàng A Páo": POOR, CALLED: POOR, "Triệu Văn Chu": POOR,
         "Bàn Thị Dín": POOR, "Lý Thị Khé": NEAR, DIVIDED: NEAR, AGAIN: POOR, TENTH: POOR}  # fmt: skip
CHOSEN = {name: "near_poor" if answers is NEAR else "poor" for name, answers in HEADS.items()}
CLICKED = (DIVIDED, TENTH)  # voted on in the browser
SIGNED = (TRUCK, AGAIN)  # signed in the browser
DECISION = "12/QĐ-UBND"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Requests are not told to the terminal."""


class Days:
    """The application over the live site's database, by a clock that goes on `ahead` of the real one."""

    def __init__(self, app: Flask) -> None:
        self.app, self.ahead = app, timedelta(0)

    def now(self) -> datetime:
        """This story's present."""
        return clock._system() + self.ahead

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.use(self.now):
            answer = self.app.wsgi_app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                getattr(answer, "close", lambda: None)()


@dataclass
class Round:
    """A commune with two officers and a village head, and ten households that have declared."""

    unit_id: int
    days: Days
    url: str
    first: SignIn
    second: SignIn
    head: SignIn
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def officer(self) -> Actor:
        """The first officer, to verbs."""
        return Actor(self.first.user_id, Role.COMMUNE_OFFICER, unit_id=self.unit_id)


def declared(home_id: int, answers: dict[str, str]) -> None:
    """The family declares and sends."""
    who, _home = resident(db.session.get_one(Household, home_id))
    with transaction():
        declaring.finish(who, declaring.answer_all(who, declaring.start(who), answers).key)


def looks_and_scores(officer: Actor, key: str) -> None:
    """Forms A and B."""
    with transaction():
        operations.screen(officer, key, goes_on=True, note="")
        operations.take_score(officer, key)


def agrees(officer: Actor, key: str, chosen: str, hands: int) -> None:
    """The village agrees without a word."""
    with transaction():
        hearings.vote(officer, key, hearings.Vote(chosen, hands, 0, "", ""))


def was_decided(unit_id: int, home_id: int, on: date, answers: dict[str, str], chosen: str) -> None:
    """A whole procedure of an earlier day, by the same verbs."""
    began = clock.start_of(on) + timedelta(hours=9)
    with clock.use(began):
        officer, second = (actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id) for _one in range(2))
        declared(home_id, answers)
        with transaction():
            operations.enrol(officer, [home_id], Origin.ROUND)
        case = case_of_household(home_id)
        assert case is not None
        key = case.key
        looks_and_scores(officer, key)
        with transaction():
            operations.visit(officer, key, chosen=chosen, note="Đã tới nhà")
        meeting(officer, VILLAGE)
        agrees(officer, key, chosen, 1)
        with transaction():
            hearings.post(officer, VILLAGE)
    with clock.use(began + timedelta(days=10)):
        with transaction():
            operations.propose(officer, key, decision_number="9/QĐ-UBND")
        with transaction():
            operations.approve(second, key)


@pytest.fixture
def place(site: LiveSite) -> Iterator[Round]:
    """Ten households have declared; one of them was poor last summer, and was not last autumn."""
    days, port = Days(site.app), free_port()
    with site.scene():
        where: Unit = commune("Na Rì")
        unit_id, year = where.id, clock.today().year
        for name, answers in HEADS.items():
            with clock.use(clock.start_of(date(year - 1, 8, 3)) if name == AGAIN else clock.now()):
                home_id = create_household(db.session.get_one(Unit, unit_id), VILLAGE, name).id
            if name == AGAIN:
                was_decided(unit_id, home_id, date(year - 1, 8, 3), POOR, "poor")
                was_decided(unit_id, home_id, date(year - 1, 11, 16), WELL, "none")
            declared(home_id, answers)
        made = Round(
            unit_id,
            days,
            f"http://127.0.0.1:{port}",
            person("Hà Thị Xã", Role.COMMUNE_OFFICER, None, unit_id),
            person("Đàm Văn Hai", Role.COMMUNE_OFFICER, None, unit_id),
            person("Lý Văn Trưởng", Role.VILLAGE_HEAD, None, unit_id, VILLAGE),
        )
    server = make_server("127.0.0.1", port, days, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def opens_case(who: Person, name: str) -> None:
    """From the board, by the name of the family."""
    who.opens("/registry/procedure")
    who.follows(f"Mở {name}")
    who.reads(f"Hộ {name}")


def the_list_of_the_round(xa: Person, site: LiveSite, place: Round) -> None:
    """The officer ticks all ten; nine are looked at, scored and visited by others; the tenth she scores here."""
    xa.opens("/registry/procedure")
    xa.follows("Đưa hộ vào rà soát")
    for name in HEADS:
        xa.chooses(name)
    xa.looks("6-round-enrol")
    xa.presses("Đưa vào rà soát")
    xa.sees("10 hộ đang xét", "Đã đưa 10 hộ vào rà soát")
    with site.scene():
        rows = db.session.query(ReviewCase).filter_by(commune_id=place.unit_id, state="listed")
        heads = dict(zip(sorted(one.household_id for one in rows), HEADS, strict=True))
        place.keys = {heads[one.household_id]: one.key for one in rows}
        for name, key in place.keys.items():
            if name != TENTH:
                looks_and_scores(place.officer, key)
                with transaction():
                    operations.visit(
                        place.officer, key, chosen=CHOSEN[name], note="Đã tới nhà, đúng như đã kê"
                    )
    opens_case(xa, TENTH)
    xa.chooses("Có khó khăn, xét tiếp")
    xa.presses("Ghi kết quả xem nhanh")
    xa.presses("Lấy điểm từ bản kê khai")
    xa.sees("Theo điểm", "Hộ nghèo", "DEMO")
    xa.looks("6-round-scored")


def visits_the_tenth(lan: Person) -> None:
    """At the home: what eyes see, and a class that departs from the score, for a reason."""
    opens_case(lan, TENTH)
    lan.chooses("Hộ cận nghèo")
    lan.presses("Ghi lần tới thăm")
    lan.sees("Viết điều đã thấy ở nhà hộ")
    lan.looks("6-round-visit-refused")
    lan.types("Đã thấy gì ở nhà hộ", "Nhà mới xây bằng gạch tháng trước, con cả đi làm công ty gửi tiền về")
    lan.presses("Ghi lần tới thăm")
    lan.sees("Mức khác với điểm", "con cả đi làm công ty")
    lan.looks("6-round-visited")


def writes_a_meeting_down(lan: Person, present: int) -> None:
    """Who led, who wrote, how many came."""
    lan.opens("/registry/procedure")
    lan.sees("10 hộ chờ họp")
    lan.follows("Ghi buổi họp")
    lan.types("Ai chủ trì", "Lý Văn Trưởng")
    lan.types("Ai ghi biên bản", "Bàn Thị Thư")
    lan.types("Bao nhiêu hộ trong danh sách có người dự", str(present))
    lan.types("Ai nói gì", "Bà con nghe đọc từng hộ, ai muốn nói đều được nói.")
    if present == 8:
        lan.looks("6-round-meeting")
    lan.presses("Ghi buổi họp")


def the_village_meets(lan: Person, site: LiveSite, place: Round) -> None:
    """Four of ten are too few. Eight come the second time; over one family they are divided, and why is kept."""
    writes_a_meeting_down(lan, 4)
    lan.sees("chưa đủ một nửa số hộ trong danh sách", "10 hộ chờ họp")
    writes_a_meeting_down(lan, 8)
    lan.sees("Mở từng hộ để ghi biểu quyết")
    for name, yes, no in ((DIVIDED, 5, 3), (TENTH, 8, 0)):
        opens_case(lan, name)
        lan.sees("8 trên 10 hộ trong danh sách có mặt")
        lan.chooses("Hộ cận nghèo")
        lan.types("Số hộ đồng ý", str(yes))
        lan.types("Số hộ không đồng ý", str(no))
        if no:
            lan.presses("Ghi biểu quyết")
            lan.sees("Có người không đồng ý: viết họ nói gì")
            lan.types("Người không đồng ý nói gì", "Ba hộ nói nhà Lở có ruộng ở xã bên")
        else:
            lan.types("Lý do, nếu mức khác với điểm", "Thôn thấy đúng như người tới thăm nói")
        lan.presses("Ghi biểu quyết")
        lan.sees("Chờ niêm yết", f"{yes} hộ đồng ý, {no} không; 8 trên 10 hộ có mặt.")
        if no:
            lan.sees("Ba hộ nói nhà Lở có ruộng ở xã bên")
            lan.looks("6-round-divided")
            reads_well(lan.page)
    with site.scene():
        for name in HEADS.keys() - set(CLICKED):
            agrees(place.officer, place.keys[name], CHOSEN[name], 8)
        kept = db.session.query(MeetingVote).join(ReviewCase).filter_by(key=place.keys[DIVIDED]).one()
        assert (kept.for_count, kept.against_count, kept.dissent is not None) == (5, 3, True)


def somebody_objects(khach: Person, wall: str) -> None:
    """A stranger with a phone reads number, head and class, nothing else, and says what is not right."""
    khach.opens(wall)
    rows = khach.page.locator("main tbody tr")
    expect(rows).to_have_count(10)
    assert set(rows.locator("td:nth-child(2)").all_inner_texts()) == set(HEADS)
    khach.does_not_see("Theo điểm", "con cả", "ruộng", "1984", "điểm B1")
    khach.looks("6-round-wall")
    reads_well(khach.page)
    khach.follows("Thấy chưa đúng thì nói")
    khach.chooses(TRUCK)
    khach.types("Điều chưa đúng", "Nhà Lềnh vừa mua xe tải chở gỗ.")
    khach.looks("6-round-objection")
    khach.presses("Gửi ý kiến tới xã")
    khach.reads("Xã đã nhận ý kiến")
    khach.opens(wall)
    khach.sees("đang xem lại")


def somebody_calls(lan: Person, site: LiveSite, place: Round) -> None:
    """The village head writes down what a caller says who gives neither name nor number."""
    opens_case(lan, CALLED)
    lan.sees("Đang niêm yết")
    lan.chooses("Điện thoại")
    lan.presses("Ghi ý kiến")
    lan.sees("Viết rõ hơn điều chưa đúng")
    lan.types("Họ nói gì", "Một người gọi, không nói tên: nhà Mẩy có con đi xuất khẩu lao động.")
    lan.looks("6-round-called")
    lan.presses("Ghi ý kiến")
    lan.sees("Có ý kiến, đang xem lại", "con đi xuất khẩu lao động", "qua điện thoại")
    assert not lan.has_button("Trả lời ý kiến"), "the commune answers, not the village head"
    reads_well(lan.page)
    with site.scene():
        (kept,) = db.session.query(Objection).join(ReviewCase).filter_by(key=place.keys[CALLED])
        assert (kept.how, kept.contact) == ("phone", None)


def answers_the_caller(xa: Person) -> None:
    """Looked at again within its own days; what was said was right."""
    opens_case(xa, CALLED)
    xa.sees("con đi xuất khẩu lao động", "qua điện thoại", "Chưa trả lời")
    xa.chooses("Ý kiến đúng, đổi mức")
    xa.types("Trả lời", "Đã tới hỏi: con cả đi từ tháng 5, gửi tiền về đều")
    xa.chooses("Hộ cận nghèo")
    xa.types("Lý do, nếu mức khác với điểm", "Có tiền con gửi về")
    xa.presses("Trả lời ý kiến")
    xa.sees("Xem lại xong, chờ niêm yết lại", "gửi tiền về đều")


def hangs(xa: Person) -> str:
    """The village's list goes on the wall; its address."""
    xa.opens("/registry/procedure")
    xa.presses("Niêm yết")
    assert xa.path.startswith("/posting/")
    return xa.path


def looks_again(xa: Person) -> None:
    """The objection holds: another class, with its reason."""
    opens_case(xa, TRUCK)
    xa.sees("Nhà Lềnh vừa mua xe tải chở gỗ.", "qua trang niêm yết")
    xa.chooses("Ý kiến đúng, đổi mức")
    xa.types("Trả lời", "Đã tới xem lại: có xe tải thật, mua bằng tiền vay")
    xa.chooses("Hộ cận nghèo")
    xa.types("Lý do, nếu mức khác với điểm", "Có xe tải, có việc chở gỗ đều")
    xa.looks("6-round-recheck")
    xa.presses("Trả lời ý kiến")
    xa.sees("Xem lại xong, chờ niêm yết lại", "Ý kiến đúng", "Có xe tải, có việc chở gỗ đều")


def the_days_pass(site: LiveSite, place: Round) -> None:
    """Until the day after the last list is taken down."""
    with site.scene():
        lists = db.session.query(WallList).filter_by(commune_id=place.unit_id)
        last = max(one.closes_on for one in lists)
        place.days.ahead = timedelta(days=(last - clock.today()).days + 1)


def two_sign(xa: Person, hai: Person, site: LiveSite, place: Round) -> str:
    """One proposes with the decision's number and cannot sign; the other signs. The certificate's number."""
    for name in SIGNED:
        opens_case(xa, name)
        xa.types("Số quyết định", DECISION)
        xa.presses("Trình người thứ hai ký")
        xa.sees("Người trình không tự ký")
        assert not xa.has_button("Ký công nhận")
    with site.scene(), clock.use(place.days.now()):
        for name in HEADS.keys() - set(SIGNED):
            with transaction():
                operations.propose(place.officer, place.keys[name], decision_number=DECISION)
            with transaction():
                second = Actor(place.second.user_id, Role.COMMUNE_OFFICER, unit_id=place.unit_id)
                operations.approve(second, place.keys[name])
    hai.signs_in(place.second, place.days.now())
    for name in reversed(SIGNED):
        opens_case(hai, name)
        hai.sees(f"Quyết định {DECISION}", "Người ký không phải người đã trình")
        if name == TRUCK:
            hai.looks("6-round-sign")
        hai.presses("Ký công nhận")
        hai.sees("Đã công nhận")
    hai.looks("6-round-recognised")
    hai.follows("In giấy chứng nhận")
    hai.reads("Giấy chứng nhận: Hộ cận nghèo")
    hai.looks("6-round-certificate")
    number = re.sub(r"\D", "", hai.finds(r"Số: ((?:\d{4} ?){4})"))
    hai.follows("Rà soát")
    hai.reads(f"Hộ {TRUCK}")
    return number


def test_a_communes_whole_round(somebody: Callable[..., Person], site: LiveSite, place: Round) -> None:
    xa, hai = (somebody(base_url=place.url, **DESK) for _one in range(2))
    lan, khach = somebody(base_url=place.url), somebody(base_url=place.url)
    xa.signs_in(place.first)
    the_list_of_the_round(xa, site, place)
    lan.signs_in(place.head)
    visits_the_tenth(lan)
    the_village_meets(lan, site, place)

    wall = hangs(xa)
    somebody_objects(khach, wall)
    somebody_calls(lan, site, place)
    looks_again(xa)
    answers_the_caller(xa)
    again = hangs(xa)
    khach.opens(again)
    posted = [re.compile(rf"\d\s*{name}\s*Hộ cận nghèo") for name in (TRUCK, CALLED)]
    expect(khach.page.locator("main tbody tr")).to_have_text(posted)

    the_days_pass(site, place)
    khach.opens(wall)
    khach.sees("không còn tên hộ nào")
    khach.does_not_see(*HEADS)
    khach.looks("6-round-wall-over")
    xa.signs_in(place.first, place.days.now())
    xa.opens("/registry/procedure")
    xa.sees("10 hộ hết ngày niêm yết, trình ký được", "3 trên 10 hộ được đề nghị mức khác với điểm")
    xa.sees("Hết ngày niêm yết, chờ hai cán bộ ký")
    xa.looks("6-round-board")
    number = two_sign(xa, hai, site, place)

    khach.opens(f"/verify/certificate/{number}")
    khach.reads("Giấy chứng nhận thật")
    khach.does_not_see(*HEADS, "cận nghèo", VILLAGE)
    khach.looks("6-round-verified")

    hai.opens("/registry/followup")
    expect(hai.page.locator("tbody tr").filter(has_text=AGAIN)).to_contain_text("Tái nghèo")
    hai.looks("6-round-followup")
    hai.follows(f"Mở {AGAIN}")
    hai.sees("Tái nghèo")
    with site.scene():
        hung = db.session.query(WallLine).join(WallList).filter_by(commune_id=place.unit_id, village=VILLAGE)
        assert hung.filter(WallList.opened_on == clock.today()).count() == len(HEADS) + 2
