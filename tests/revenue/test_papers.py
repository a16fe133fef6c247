"""Statements on paper: a random number that tells a stranger genuine, void or replaced, and nothing else."""

import re
import secrets
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Actor, Role
from core import clock, files
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound, TooMany
from revenue.statements.models import Paper
from revenue.statements.operations import Drawn, issue, new_number, replace, void
from revenue.statements.papers import address_of, sheet, steady
from revenue.statements.rules import (
    PAPER_TRANSITIONS,
    MonthOfCrop,
    PaperEvent,
    PaperState,
    grouped,
    luhn,
    next_paper,
    read_number,
    seasons,
)  # fmt: skip
from tests.conftest import NOW
from tests.factories.accounts import create_user, sign_in
from tests.factories.cooperatives import create_cooperative, create_producer, treasurer_of
from tests.factories.revenue import delivered, paid_out
from tests.payruns.scene import Till, a_till
from tests.revenue.stories import a_world


def drawn(org: int, producer_id: int) -> Drawn:
    """A paper that is ready, with a file that costs nothing to draw."""
    number = new_number()
    return Drawn(number, files.put(f"%PDF {number}".encode(), ".pdf"), steady(org, producer_id))


def given_out(till: Till, actor: Actor | None = None) -> int:
    """A paper of the first producer; its id."""
    made = drawn(till.org, till.producers[0])
    with transaction():
        return issue(actor or till.maker, till.producers[0], secrets.token_hex(8), made).id


@given(st.integers(0, 10**15 - 1), st.integers(0, 15), st.integers(0, 9))
def test_a_number_with_one_wrong_digit_is_no_number(chance: int, place: int, digit: int) -> None:
    number = f"{chance:015}" + luhn(f"{chance:015}")
    assert read_number(grouped(number)) == number
    wrong = number[:place] + str(digit) + number[place + 1 :]
    assert wrong == number or read_number(wrong) is None


@pytest.mark.parametrize("state", PaperState)
@pytest.mark.parametrize("event", PaperEvent)
def test_a_paper_moves_only_by_its_table(state: PaperState, event: PaperEvent) -> None:
    if (state, event) in PAPER_TRANSITIONS:
        assert next_paper(state, event) == PAPER_TRANSITIONS[state, event]
    else:
        with pytest.raises(Conflict):
            next_paper(state, event)


def test_a_season_goes_back_until_more_than_two_months_were_empty() -> None:
    def month(year: int, number: int, grams: int, crop: str = "dong") -> MonthOfCrop:
        from datetime import date

        return MonthOfCrop(date(year, number, 1), crop, grams)

    today = NOW.date()
    rows = [
        month(2026, 11, 5),
        month(2026, 9, 4),
        month(2026, 6, 3),
        month(2026, 2, 2),
        month(2026, 6, 9, "quế"),
    ]
    found = seasons(rows, today, {"dong": 3_500})
    assert [(one.crop, one.since.month, one.net_g, one.price_vnd_per_kg) for one in found] == [
        ("dong", 6, 12, 3_500)
    ]
    assert seasons([], today, {}) == []


def test_its_code_holds_nothing_but_the_number(ctx: Flask) -> None:
    till = a_till(31_420)
    paper = db.session.get_one(Paper, given_out(till))
    assert re.fullmatch(r"https?://[^/]+/verify/[0-9]{16}", address_of(paper.number))
    assert (paper.owed_vnd, paper.state) == (31_420, PaperState.VALID)


def test_the_paper_itself_says_the_sums_in_figures_and_words_and_can_be_read(ctx: Flask) -> None:
    import pypdfium2
    import zxingcpp

    from revenue.statements.drawing import draw

    world = a_world(grams=(40_000, 20_000))
    delivered(world.bought(2))
    paid_out(world.producers[0], 5_000, "cash")
    seen = steady(world.org, world.producers[0].id)
    number = new_number()
    data = draw(sheet(seen, number))
    document = pypdfium2.PdfDocument(data)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    picture = document[0].render(scale=3).to_pil()
    document.close()
    assert {one.text for one in zxingcpp.read_barcodes(picture)} == {address_of(number)}
    assert data.startswith(b"%PDF") and "Bằng chữ:" in text and "Dữ liệu minh hoạ" in text
    assert f"{seen.owed_vnd:,}".replace(",", ".") in text.replace("\u00a0", " ")
    assert "nhà chưa xác nhận" in text
    assert any(amount.startswith("\u2212") for _what, amount in sheet(seen, number).sums)
    assert "\u20135.000" in text.replace("\u00a0", " "), (
        "what is taken off is printed with a minus that the font has"
    )


def test_a_double_tap_is_one_paper_and_sums_stay_as_they_were_given_out(ctx: Flask) -> None:
    till = a_till(10_000)
    first, second = drawn(till.org, till.producers[0]), drawn(till.org, till.producers[0])
    with transaction():
        one = issue(till.maker, till.producers[0], "the-same-key", first).id
        assert issue(till.maker, till.producers[0], "the-same-key", second).id == one
    till.earns(5_000)
    assert db.session.get_one(Paper, one).owed_vnd == 10_000


def test_void_and_replaced_are_said_and_nothing_comes_back_from_there(ctx: Flask) -> None:
    till = a_till(10_000)
    first, second = given_out(till), given_out(till)
    with pytest.raises(Invalid), transaction():
        void(till.maker, first, "")
    for _tap in range(2):
        with transaction():
            assert void(till.maker, first, "in nhầm nhà").state == PaperState.VOID
    fresh = drawn(till.org, till.producers[0])
    for _tap in range(2):
        with transaction():
            made = replace(till.maker, second, "thiếu một phiếu", "replace-key-1", fresh)
    old = db.session.get_one(Paper, second)
    assert (old.state, old.replaced_by_id, made.state) == (PaperState.REPLACED, made.id, PaperState.VALID)
    with pytest.raises(Conflict), transaction():
        replace(till.maker, first, "thay tờ đã huỷ", "replace-key-2", drawn(till.org, till.producers[0]))


def test_a_family_gives_itself_papers_and_only_its_own(ctx: Flask) -> None:
    coop = create_cooperative()
    her = create_user("Lý Thị Mẫu")
    who, other = create_producer(coop, user_id=her.id).id, create_producer(coop).id
    org, me = int(coop.organisation_id or 0), Actor(her.id, Role.PRODUCER)
    for number in range(10):
        made = drawn(org, who)
        with transaction():
            issue(me, who, f"her-own-{number:02}", made)
    with pytest.raises(TooMany), transaction():
        issue(me, who, "her-own-99", drawn(org, who))
    with pytest.raises(NotFound), transaction():
        issue(me, other, "not-hers-1", drawn(org, other))
    with pytest.raises(NotFound), transaction():
        issue(treasurer_of(create_cooperative("HTX Kia")), who, "not-theirs-1", drawn(org, who))


def stranger_sees(client: FlaskClient, number: str) -> tuple[int, str]:
    """What anybody reads under a number."""
    answer = client.get(f"/verify/{number}")
    return answer.status_code, answer.text


def test_a_stranger_learns_genuine_void_or_replaced_and_no_name_and_no_sum(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        till = a_till(31_420)
        ids = [given_out(till) for _n in range(3)]
        with transaction():
            void(till.maker, ids[1], "in nhầm nhà")
            replace(till.maker, ids[2], "thiếu phiếu", "replace-key-1", drawn(till.org, till.producers[0]))
        numbers = [db.session.get_one(Paper, one).number for one in ids]
        newest = db.session.query(Paper).order_by(Paper.id.desc()).first().number
        db.session.remove()
    for number, words in zip(numbers, ("Bảng kê thật", "đã huỷ", "Đã thay"), strict=True):
        status, text = stranger_sees(client, number)
        assert status == 200 and words in text
        for secret in ("Lý Thị", "31.420", "31420", "HTX Thử", "in nhầm", "thiếu phiếu", newest):
            assert secret not in text
    status, text = stranger_sees(client, new_number_not_given())
    assert status == 404 and "Không có bảng kê" in text
    assert stranger_sees(client, "x" * 60)[0] == 404


def new_number_not_given() -> str:
    """A well-formed number that nobody has."""
    return "000000000000000" + luhn("000000000000000")


def test_a_number_typed_with_spaces_leads_to_its_page_and_a_slip_is_said(
    app: Flask, client: FlaskClient
) -> None:
    number = new_number_not_given()
    answer = client.get("/verify", query_string={"number": grouped(number)})
    assert (answer.status_code, answer.location) == (302, f"/verify/{number}")
    assert client.get("/verify", query_string={"number": "1234"}).status_code == 422


def test_an_amount_is_confirmed_five_times_an_hour_and_rows_keep_the_count(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        number = db.session.get_one(Paper, given_out(a_till(31_420))).number
        db.session.remove()
    path = f"/verify/{number}/amount"

    def ask(amount: str) -> tuple[int, str]:
        page = client.get(path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        answer = client.post(path, data={"csrf_token": token[1], "amount_vnd": amount})
        return answer.status_code, answer.text

    assert "Có. 31.420" in ask("31.420")[1].replace("\u00a0", " ")
    assert "không phải tổng nào" in ask("31.421")[1]
    assert [ask(str(n))[0] for n in (1, 2, 3)] == [200] * 3
    status, text = ask("31.420")
    assert status == 422 and "Đã thử 5 lần" in text and "Có. 31.420" not in text.replace("\u00a0", " ")
    with clock.use(NOW + timedelta(minutes=61)):
        assert ask("31.420")[0] == 200


def test_staff_give_out_open_and_replace_a_paper_on_their_pages(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        till = a_till(10_000)
        maker, who = till.maker, till.producers[0]
        db.session.remove()
    sign_in(client, maker)

    def post(path: str, **typed: str) -> str:
        page = client.get(path).text
        fields = {
            name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[-1]
            for name in ("csrf_token", "key")
        }
        answer = client.post(path, data=fields | typed)
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    first = post(f"/manage/money/producers/{who}/papers")
    assert 'class="qr"' in client.get(first).text
    assert client.get(f"{first}/pdf").data.startswith(b"%PDF")
    second = post(first, step="replace", reason="thiếu một phiếu")
    assert second != first and "Đã thay" in client.get(first).text
    assert post(second, step="void", reason="nhà không cần nữa") == second
    assert "Đã huỷ" in client.get(second).text
