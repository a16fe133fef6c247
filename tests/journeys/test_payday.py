"""Payday: a run made by one and approved by another, a code for each family, one transfer returned, a question that is
answered, and a stranger who checks a paper."""

from dataclasses import dataclass

import pytest
import zxingcpp

from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from cooperatives.queries import producer
from core import clock
from core.db import transaction
from payments.payouts.operations import set_producer_account
from revenue.payouts.operations import set_limit
from tests.factories.catalog import create_product
from tests.factories.payments import place_order, shipped
from tests.factories.revenue import delivered, opened, weighed
from tests.factories.traceability import create_lot
from tests.journeys.live import LiveSite, picture
from tests.journeys.scene import SignIn, Stall, person, row, stall
from tests.journeys.test_4_money_reaches_the_members import the_books_verify

pytestmark = pytest.mark.browser
MAU, PAO = "Lý Thị Mẫu", "Triệu Văn Páo"


@dataclass
class Payday:
    """A delivered sale of two families, both with bank accounts, and a treasurer beside the manager."""

    stall: Stall
    treasurer: SignIn


@pytest.fixture
def payday(site: LiveSite) -> Payday:
    with site.scene():
        made = stall("HTX Ngày Trả", (MAU, PAO))
        coop = row(Cooperative, made.id)
        opened(coop)
        treasurer = person("Hà Văn Quỹ", Role.TREASURER, made.organisation_id)
        pack = create_product(coop, "Miến dong Ngày Trả").packs[0]
        slips = [
            weighed(producer(made.producers[who]), net_g=grams)
            for who, grams in ((MAU, 30_000), (PAO, 10_000))
        ]
        create_lot(coop, pack, 80, slips=slips)
        delivered(shipped(place_order([(pack, 2)])[0]))
        actor = Actor(treasurer.user_id, Role.TREASURER, made.organisation_id)
        for number, who in enumerate((MAU, PAO)):
            with transaction():
                set_producer_account(actor, made.producers[who], "970436", f"00110022{number}", who)
        with transaction():
            set_limit(actor, 50_000, clock.today())
    return Payday(made, treasurer)


def test_a_payday_from_the_run_to_the_familys_question(somebody, site: LiveSite, payday: Payday) -> None:  # type: ignore[no-untyped-def]
    treasurer, manager, mau = somebody(), somebody(), somebody(script=False)
    a_run_is_made_and_waits(treasurer, payday)
    a_second_person_approves(manager, payday)
    each_family_has_its_code(manager)
    one_comes_back(manager)
    messages = site.messages_to(payday.stall.members[MAU].e164)
    assert any("Ngân hàng trả lại 68.250" in text.replace("\u00a0", " ") for text in messages), messages
    mau.signs_in(payday.stall.members[MAU])
    the_family_sees_it_and_asks(mau)
    the_cooperative_answers(treasurer)
    mau.opens(mau.path)
    mau.sees("Đã sửa", "Ngày mai chuyển lại vào số mới.")
    mau.looks("payday-dispute-closed")
    a_stranger_checks_a_paper(treasurer, somebody(), payday)
    the_books_verify(site)


def a_run_is_made_and_waits(treasurer, payday: Payday) -> None:  # type: ignore[no-untyped-def]
    treasurer.signs_in(payday.treasurer)
    treasurer.opens("/manage/money")
    treasurer.looks("payday-money")
    treasurer.follows("Trả bà con theo lượt")
    treasurer.follows("Xem nhà nào được trả")
    treasurer.sees("Trả 2 nhà", MAU, "68.250 đ", PAO, "22.750 đ")
    treasurer.looks("payday-plan")
    treasurer.presses_twice("Lập lượt trả 91.000 đ")
    treasurer.sees("Chờ một quản lý hoặc thủ quỹ khác mở trang này và duyệt")
    assert not treasurer.has_button("Duyệt, cho chuyển")
    treasurer.looks("payday-waits")


def a_second_person_approves(manager, payday: Payday) -> None:  # type: ignore[no-untyped-def]
    manager.signs_in(payday.stall.manager)
    manager.opens("/manage/payruns")
    manager.looks("payday-runs")
    manager.follows("TL-")
    manager.follows(MAU)
    manager.sees("Vì sao là số này", "Chờ người thứ hai duyệt cả lượt trả.")
    manager.goes_back()
    manager.presses("Duyệt, cho chuyển 91.000 đ")
    manager.sees("Đã duyệt. Bắt đầu chuyển được.")


def code_of(somebody) -> str:  # type: ignore[no-untyped-def]
    """What another phone's camera reads from the code on this one."""
    shot = somebody.page.locator("svg.qr").evaluate("code => { code.scrollIntoView({block: 'center'}); }")
    assert shot is None
    return str(zxingcpp.read_barcodes(picture(somebody.page.screenshot()))[0].text)


def each_family_has_its_code(manager) -> None:  # type: ignore[no-untyped-def]
    manager.follows("Chuyển từng nhà, còn 2")
    manager.sees(MAU, "Nhà 1 trong 2")
    said = code_of(manager)
    assert said.startswith("000201010212") and "540568250" in said
    manager.looks("payday-code")
    manager.follows("Nhà sau")
    manager.sees(PAO, "Nhà 2 trong 2")
    manager.follows("Nhà trước")
    manager.types("Số giao dịch của ngân hàng", "FT26326001")
    manager.presses_twice("Đã chuyển")
    manager.sees(PAO, "22.750")
    manager.presses("Đã chuyển")
    manager.sees("Đã chuyển: 2 nhà")
    manager.looks("payday-sent")


def one_comes_back(manager) -> None:  # type: ignore[no-untyped-def]
    manager.follows(MAU)
    manager.follows("Ngân hàng trả lại tiền")
    manager.types("Ngân hàng báo gì", "Tài khoản đã đóng")
    manager.looks("payday-returning")
    manager.presses_twice("Ghi 68.250 đ đã về")
    manager.sees("Ngân hàng đã trả lại tiền: Tài khoản đã đóng")
    manager.opens("/manage/payruns")
    manager.follows("TL-")
    manager.sees("Ngân hàng trả lại: 1 nhà", "Tài khoản đã đóng")
    manager.looks("payday-returned")
    manager.presses("Đóng lượt trả")
    manager.sees("Đóng lúc")


def the_family_sees_it_and_asks(mau) -> None:  # type: ignore[no-untyped-def]
    """With JavaScript off."""
    mau.opens("/me/statement")
    mau.sees(
        "sáu mươi tám nghìn hai trăm năm mươi đồng", "ba mươi ki-lô-gam", "tiền chưa tới", "Ngân hàng trả lại"
    )
    mau.looks("payday-statement")
    mau.follows("Hỏi TT-")
    mau.sees("68.250 đ")
    mau.chooses("Tiền chưa tới")
    mau.types("Nhà mình thấy thế nào", "Chưa thấy tiền. Số cũ đã đóng rồi.")
    mau.looks("payday-dispute-new")
    mau.presses("Gửi cho hợp tác xã")
    mau.sees("Chờ hợp tác xã trả lời", "Chưa thấy tiền. Số cũ đã đóng rồi.")


def the_cooperative_answers(treasurer) -> None:  # type: ignore[no-untyped-def]
    treasurer.opens("/manage/money")
    treasurer.follows("nhà hỏi lại, chờ trả lời")
    treasurer.looks("payday-disputes")
    treasurer.follows(MAU)
    treasurer.types("Viết cho người kia", "Ngân hàng đã trả lại. Cho xin số mới.")
    treasurer.presses_twice("Gửi")
    treasurer.sees("Hợp tác xã đã trả lời")
    treasurer.opens_up("Khép lại với kết quả")
    treasurer.chooses("Đã sửa")
    treasurer.types("Ghi lại đã làm gì", "Ngày mai chuyển lại vào số mới.")
    treasurer.presses("Khép lại")
    treasurer.sees("Đã sửa")
    treasurer.looks("payday-dispute-staff")


def a_stranger_checks_a_paper(treasurer, stranger, payday: Payday) -> None:  # type: ignore[no-untyped-def]
    treasurer.opens(f"/manage/money/producers/{payday.stall.producers[MAU]}/papers")
    treasurer.presses_twice("Cấp bảng kê hôm nay")
    treasurer.sees("Mở tệp PDF để in")
    treasurer.looks("payday-paper")
    read = code_of(treasurer)
    assert treasurer.fetches("Mở tệp PDF để in").startswith(b"%PDF")
    stranger.opens(read)
    stranger.reads("Bảng kê thật")
    stranger.does_not_see(MAU, "68.250", payday.stall.name)
    stranger.looks("payday-verify")
    stranger.follows("Hỏi một số tiền có trên giấy không")
    stranger.types("Số tiền đọc thấy trên giấy", "68.250")
    stranger.presses("Hỏi")
    stranger.sees("Có. 68.250 đ là một tổng trên bảng kê này.")
    stranger.looks("payday-verify-amount")
    treasurer.opens_up("Huỷ hoặc thay bảng kê này")
    treasurer.types("Vì sao?", "In nhầm ngày")
    treasurer.presses("Huỷ, không thay")
    stranger.opens(read)
    stranger.reads("Bảng kê đã huỷ")
