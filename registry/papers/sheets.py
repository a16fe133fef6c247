"""What each paper says, in Vietnamese, from what the market keeps; empty where a pen writes.

Loaded with the drawing alone: it brings the code's maker.
"""

from datetime import date

import segno
from flask import current_app, url_for

from accounts.rules import Actor
from core import clock
from core.errors import NotFound
from core.format import day, instant
from core.i18n import N_
from households.forms import RELATION_TEXT
from households.models import Household
from households.queries import head_name, members
from households.rules import Relation
from places.queries import place_name
from registry import queries as declarations
from registry.models import Review
from registry.papers import queries
from registry.papers.rules import Blank, Facts, Layout, PaperKind, Sheet, Table, Words, layout
from registry.procedure import public
from registry.procedure.models import Recognition, ReviewCase, VillageMeeting
from registry.procedure.queries import latest_score
from registry.procedure.rules import CLASS_WORDS
from registry.questions import BY_ID, DUNNO, INDICATOR_NAMES, QUESTIONS
from registry.rules import Result
from registry.traits.rules import CAUSES

VERIFIES = "Quét thì biết giấy thật hay không. Mã không nói tên, không nói mức của hộ."
Matrix = tuple[tuple[bool, ...], ...]


def stamp(who: str) -> str:
    """Who printed it and when, for the mark across the page."""
    return f"{who} in lúc {instant(clock.now())}"


def code(address: str) -> Matrix:
    """An address as rows of dark modules."""
    made = segno.make(address, error="m", micro=False)
    return tuple(tuple(bool(cell) for cell in row) for row in made.matrix)


def _place(commune_id: int, village: str = "") -> str:
    full = place_name(commune_id).full
    return f"UBND {full}" + (f"\n{village}" if village else "")


def _sheet(laid: Layout, title: str, place: str, blocks: list[Words | Facts | Table | Blank], who: str, *, demo: bool,
           number: str = "", matrix: Matrix = (), scan: str = "") -> Sheet:  # fmt: skip
    return Sheet(laid, title, place, number, tuple(blocks), demo, stamp(who), clock.now(), matrix, scan)


# ---- meetings and lists ----


def minutes(actor: Actor, meeting: VillageMeeting) -> Sheet:
    """Minutes of a village meeting: who came, quorum, what was said, votes and dissent."""
    laid, votes = layout(PaperKind.MINUTES, meeting.held_on), queries.votes_of(actor, meeting)
    share = meeting.quorum_bp // 100
    enough = "đủ số hộ để biểu quyết" if meeting.quorate else "CHƯA đủ số hộ, không biểu quyết được"
    rows = [
        (str(number), one.head, CLASS_WORDS[one.chosen], str(one.yes), str(one.no))
        for number, one in enumerate(votes, 1)
    ]
    dissent = [(one.head, one.dissent) for one in votes if one.dissent]
    said = queries.minutes_of(meeting)
    blocks: list[Words | Facts | Table | Blank] = [
        Facts(
            [
                ("Ngày họp", day(meeting.held_on)),
                ("Chủ trì", meeting.led_by),
                ("Người ghi", meeting.written_by),
                ("Hộ trong danh sách rà soát", str(meeting.listed_count)),
                (
                    "Hộ có người dự",
                    f"{meeting.present_count} trên {meeting.listed_count}: {enough} (cần {share}%)",
                ),
            ]
        ),
        Words(said, "Nội dung") if said else Blank(8, "Nội dung"),
        Table(laid.columns, rows, "Biểu quyết") if rows else Words("Chưa có biểu quyết nào.", "Biểu quyết"),
    ]
    if dissent:
        blocks.append(Facts(dissent, "Ý kiến không đồng ý"))
    place = _place(meeting.commune_id, meeting.village)
    return _sheet(laid, laid.title, place, blocks, actor.name, demo=any(one.is_demo for one in votes))


def posting(actor: Actor, key: str) -> Sheet:
    """A list for the wall. Raises NotFound once its last day is over: nobody prints names from then on."""
    posted = public.posted_list(key)
    if posted.over:
        raise NotFound(N_("Danh sách đã hết ngày niêm yết."), remedy=N_("Giấy đã dán thì gỡ xuống."))
    laid = layout(PaperKind.POSTING, posted.opened_on)
    rows = [(str(one.number), one.head, CLASS_WORDS[one.chosen]) for one in posted.lines]
    blocks: list[Words | Facts | Table | Blank] = [
        Words(
            f"Niêm yết từ {day(posted.opened_on)} đến hết {day(posted.closes_on)}. "
            "Đây là đề nghị, chưa phải quyết định."
        ),
        Table(laid.columns, rows),
        Words("Ai thấy chưa đúng đều nói được, không cần nói tên: quét mã, gọi điện, hoặc tới uỷ ban xã."),
    ]
    address = f"{current_app.config['BASE_URL']}{url_for('procedure.posting', key=key)}"
    return _sheet(laid, laid.title, f"UBND {posted.place.full}\n{posted.village}", blocks, actor.name,
                  demo=posted.is_demo, matrix=code(address), scan=f"Quét để xem và nói: {address}")  # fmt: skip


# ---- one household ----


def certificate(who: str, case: ReviewCase, held: Recognition) -> Sheet:
    """A certificate of recognition; its code verifies without a name and without a class."""
    decided, number = held.decided_on or clock.today(), held.certificate_number or ""
    laid = layout(PaperKind.CERTIFICATE, decided)
    title = f"{laid.title} {CLASS_WORDS[held.chosen].upper()}"
    people = members(case.household_id, clock.today())
    rows = [(str(place), one.name, str(one.birth_year or "")) for place, one in enumerate(people, 1)]
    said = f"Quyết định số {held.decision_number} ngày {day(decided)}, đợt rà soát năm {case.round_year}."
    grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    address = f"{current_app.config['BASE_URL']}{url_for('procedure.certificate_facts', number=number)}"
    blocks: list[Words | Facts | Table | Blank] = [
        Facts(
            [
                ("Chủ hộ", head_name(case.household_id, clock.today())),
                ("Nơi ở", f"{case.village}, {place_name(case.commune_id).full}"),
            ]
        ),
        Words(said),
        Table(laid.columns, rows),
    ]
    return _sheet(laid, title, _place(case.commune_id), blocks, who, demo=case.is_demo, number=held.decision_number,
                  matrix=code(address), scan=f"Số giấy: {grouped}\n{VERIFIES}")  # fmt: skip


def request(who: str, home: Household | None) -> Sheet:
    """The request form, filled in with what the roster knows; empty without a household."""
    laid, today = layout(PaperKind.REQUEST, clock.today()), clock.today()
    people = members(home.id, today) if home else []
    rows = [
        (str(place), one.name, str(one.birth_year or ""), RELATION_TEXT[Relation(one.relation)])
        for place, one in enumerate(people, 1)
    ] or [(str(place), "", "", "") for place in range(1, 7)]
    where = f"{home.village}, {place_name(home.commune_id).full}" if home else ""
    blocks: list[Words | Facts | Table | Blank] = [
        Facts([("Kính gửi", f"UBND {place_name(home.commune_id).full}" if home else ""),
               ("Họ tên chủ hộ", head_name(home.id, today) if home else ""), ("Nơi ở", where)]),
        Words("Hộ chúng tôi đề nghị được rà soát trong đợt này."),
        Table(laid.columns, rows, "Người trong hộ"),
        Blank(4, "Lý do đề nghị"),
    ]  # fmt: skip
    return _sheet(laid, laid.title, _place(home.commune_id) if home else "", blocks, who, demo=False)


def _household(case: ReviewCase | None) -> Facts:
    if case is None:
        return Facts([("Chủ hộ", ""), ("Nơi ở", ""), ("Ngày", "")])
    where = f"{case.village}, {place_name(case.commune_id).full}"
    return Facts([("Chủ hộ", head_name(case.household_id, clock.today())), ("Nơi ở", where), ("Ngày", "")])


def form_a(who: str, case: ReviewCase | None) -> Sheet:
    """The quick look, to be ticked at the home."""
    laid = layout(PaperKind.FORM_A, clock.today())
    blocks: list[Words | Facts | Table | Blank] = [
        _household(case),
        Table(laid.columns, [(one, "", "", "") for one in laid.rows]),
        Facts([("Kết quả", "xét tiếp  /  không xét tiếp (khoanh một)"), ("Lý do", "")]),
    ]
    return _sheet(
        laid, laid.title, _place(case.commune_id, case.village) if case else "", blocks, who, demo=False
    )


def form_b(who: str, case: ReviewCase | None) -> Sheet:
    """The declaration's questions with the household's own answers, and what the score says; empty before."""
    laid = layout(PaperKind.FORM_B, clock.today())
    found = latest_score(case.household_id) if case else None
    blocks: list[Words | Facts | Table | Blank] = [_household(case)]
    if found is None:
        blocks.append(Table(laid.columns, [(one.text, "") for one in QUESTIONS]))
        return _sheet(
            laid, laid.title, _place(case.commune_id, case.village) if case else "", blocks, who, demo=False
        )
    review, stored = found
    answers = declarations.answers_of(review)
    blocks.append(
        Table(laid.columns, [(one.text, _answer(one.id, answers.get(one.id))) for one in QUESTIONS])
    )
    results = [one for one in declarations.explain(review, answers) if one.standard_id == stored.standard_id]
    blocks += [_score(one, review) for one in results]
    place = _place(case.commune_id, case.village) if case else ""
    return _sheet(laid, laid.title, place, blocks, who, demo=stored.is_demo)


def _answer(question_id: str, given: str | int | None) -> str:
    """An answer in Vietnamese, whatever the screen speaks."""
    asked = BY_ID[question_id]
    if given is None or given == DUNNO:
        return "" if given is None else "Không biết"
    return f"{given} {asked.unit}" if asked.kind == "number" else dict(asked.options)[str(given)]


def _score(result: Result, review: Review) -> Facts:
    low, high = result.b1 or (None, None)
    b1 = "" if low is None else str(low) if low == high else f"từ {low} đến {high}"
    limit = f" (mức {result.b1_limit})" if result.b1_limit is not None else ""
    lacks = [INDICATOR_NAMES.get(one.code, one.code) for one in result.indicators if one.deprived]
    b2 = str(result.b2[0]) if result.b2[0] == result.b2[1] else f"từ {result.b2[0]} đến {result.b2[1]}"
    rows = [
        ("Điểm B1", f"{b1}{limit}"),
        ("Điểm B2", b2),
        ("Thiếu", ", ".join(lacks) or "không thứ nào"),
        ("Theo điểm", CLASS_WORDS[result.outcome] + (" (DEMO)" if result.is_demo else "")),
        ("Hộ gửi bản kê khai ngày", _day(review.submitted_on)),
    ]
    return Facts(rows, "Điểm")


def _day(on: date | None) -> str:
    return day(on) if on else ""


def form_c(who: str, case: ReviewCase | None) -> Sheet:
    """The household's traits, to be ticked by hand: what was typed of them is shown on its own page alone."""
    laid = layout(PaperKind.FORM_C, clock.today())
    blocks: list[Words | Facts | Table | Blank] = [
        _household(case),
        Table(laid.columns, [(one, "", "") for one in CAUSES.values()], "Vì sao khó khăn"),
        Table(laid.columns, [("Trong hộ có người khuyết tật", "", "")], "Người trong hộ"),
        Blank(3, "Ghi thêm"),
    ]
    return _sheet(
        laid, laid.title, _place(case.commune_id, case.village) if case else "", blocks, who, demo=False
    )
