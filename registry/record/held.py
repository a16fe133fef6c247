"""All that is held about one household as parts and lines of words: one source for the page and for the file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from accounts.queries import organisation
from accounts.rules import show_phone
from core import clock
from core.audit import AuditLine
from core.db import db
from core.format import day, vnd
from core.i18n import N_, _, language
from households import reference
from households.forms import RELATION_TEXT, SEX_TEXT
from households.identity.queries import noted
from households.identity.rules import HEALTH_TEXT, WHY_TEXT
from households.models import Household
from households.queries import consents, members
from households.roster.forms import KIND_TEXT
from households.roster.queries import history
from households.rules import Purpose, Relation, Sex
from places.queries import place_name
from registry import queries as declarations
from registry import sentences
from registry.confirming.queries import photo_of, witness_of
from registry.followup import queries as followup
from registry.followup.rules import FINDING_WORDS, STEP_WORDS, WHO_WORDS
from registry.models import Review
from registry.needs import queries as needs
from registry.needs.kinds import KIND_NAMES, URGENCY_NAMES, NeedKind, Urgency
from registry.needs.rules import OUTCOME_NAMES, STATE_NAMES, NeedState, Outcome
from registry.phones import queries as phones
from registry.procedure import queries as procedure
from registry.procedure.rules import CLASS_WORDS, STATE_WORDS
from registry.procedure.words import EVENT_WORDS
from registry.questions import BY_ID, INDICATOR_NAMES, QUESTIONS, shown_answer
from registry.record import queries
from registry.record.rules import ASK_NAMES, ASK_STATES, PART_NAMES, Ask, AskState, Part
from registry.record.words import PURPOSES, ROLE_NAMES, deed
from registry.rules import CLASS_NAMES, HouseholdClass
from registry.sales import queries as sales
from registry.sales.rules import STANDING_WORDS
from registry.standards.queries import standards


@dataclass(frozen=True)
class Entry:
    """One thing that is held. entered: who wrote it and when, in words, '' where no line says so."""

    title: str
    lines: tuple[tuple[str, str], ...]
    entered: str = ""


@dataclass(frozen=True)
class Section:
    """One part of the record."""

    part: Part
    name: str
    entries: tuple[Entry, ...]


def held(home: Household) -> list[Section]:
    """Every part of a household's record, in words of the reader's language."""
    makers: dict[Part, Callable[[Household], list[Entry]]] = {
        Part.HOUSEHOLD: _household,
        Part.PEOPLE: _people,
        Part.ROSTER: _roster,
        Part.DECLARATIONS: _declarations,
        Part.CASES: _cases,
        Part.NEEDS: _needs,
        Part.CARE: _care,
        Part.CONSENTS: _consents,
        Part.SALES: _sales,
        Part.READS: _reads,
        Part.REQUESTS: _requests,
    }
    return [Section(part, _(PART_NAMES[part]), tuple(make(home))) for part, make in makers.items()]


def as_document(home: Household, taken_by: str = "") -> dict[str, Any]:
    """The record as plain data for the household to keep; made of the same entries as the page. taken_by: who, in the
    file itself."""
    return {
        "format": "cho-phien-record/1",
        "made_at": clock.now().isoformat(),
        "taken_by": taken_by,
        "language": language(),
        "parts": [
            {
                "part": section.part.value,
                "name": section.name,
                "entries": [
                    {
                        "title": entry.title,
                        "entered": entry.entered,
                        "fields": [{"name": name, "value": value} for name, value in entry.lines],
                    }
                    for entry in section.entries
                ],
            }
            for section in held(home)
        ],
    }


def _day(value: object) -> str:
    """A day as the reader writes it, '' for none."""
    return day(value) if isinstance(value, date) else ""


def _entered(subjects: set[str]) -> dict[str, str]:
    """Who wrote each thing first, by the audit chain."""
    firsts = select(func.min(AuditLine.id)).where(AuditLine.subject.in_(subjects)).group_by(AuditLine.subject)
    lines = db.session.execute(select(AuditLine).where(AuditLine.id.in_(firsts))).scalars().all()
    names = queries.names_of({one.user_id for one in lines if one.user_id is not None})
    return {
        one.subject: _("%(who)s ghi, %(day)s", who=_who(names.get(one.user_id or 0, ""), one.role), day=_day(one.at))
        for one in lines
    }  # fmt: skip


def _who(name: str, role: str) -> str:
    said = _(ROLE_NAMES.get(role, role))
    return f"{name}, {said}" if name else said


def _household(home: Household) -> list[Entry]:
    subject = f"household:{home.id}"
    lines = [(_("Xã, phường"), place_name(home.commune_id).full), (_("Thôn, bản"), home.village)]
    if home.address_line:
        lines.append((_("Địa chỉ"), home.address_line))
    lines.append((_("Ghi vào sổ ngày"), _day(home.created_at)))
    return [Entry(_("Hộ"), tuple(lines), _entered({subject}).get(subject, ""))]


def _people(home: Household) -> list[Entry]:
    people = members(home.id, clock.today())
    by = _entered({f"person:{one.person_id}" for one in people})
    found = []
    for one in people:
        lines = [
            (_("Quan hệ với chủ hộ"), _(RELATION_TEXT[Relation(one.relation)])),
            (_("Năm sinh"), str(one.birth_year or "")),
            (_("Nam hay nữ"), _(SEX_TEXT[Sex(one.sex)]) if one.sex else ""),
            (_("Dân tộc"), one.ethnic_name or ""),
            (_("Số điện thoại"), show_phone(one.phone) if one.phone else ""),
            (_("Ở hộ này từ"), _day(one.from_on)),
            *_papers(one.person_id),
        ]
        said = tuple((name, value) for name, value in lines if value)
        found.append(Entry(one.name, said, by.get(f"person:{one.person_id}", "")))
    return found


def _papers(person_id: int) -> list[tuple[str, str]]:
    found = noted(person_id)
    if found is None:
        return []
    return [
        (_("Số định danh (số căn cước), 3 số cuối"), found.last),
        (_("Sức khoẻ"), ", ".join(_(HEALTH_TEXT[one]) for one in found.health)),
        (_("Ghi để làm gì"), _(WHY_TEXT[found.why])),
    ]


def _roster(home: Household) -> list[Entry]:
    found = []
    for one in history(home.id):
        lines = [
            (_("Ngày"), _day(one.on)),
            (_("Người trong nhà"), ", ".join(one.names)),
            (_("Ghi chú"), one.note),
        ]
        if one.undone:
            lines.append((_("Ghi nhầm, bỏ việc này"), _("Có")))
        found.append(Entry(_(KIND_TEXT[one.kind]), tuple((name, value) for name, value in lines if value)))
    return found


def _declarations(home: Household) -> list[Entry]:
    reviews = declarations.reviews_of_household(home.id)
    by = _entered({f"review:{one.id}" for one in reviews})
    return [
        Entry(
            _("Kê khai ngày %(day)s", day=_day(one.started_at)),
            tuple(_declared(one)),
            by.get(f"review:{one.id}", ""),
        )
        for one in reviews
    ] + _from_phones(home)


_WRITTEN = {
    "note": N_("Lý do"),
    "chosen": N_("Mức đề nghị"),
    "dissent": N_("Người không đồng ý nói gì"),
}


def _from_phones(home: Household) -> list[Entry]:
    """What phones brought without a line, while it holds words: answers that wait for a choice, a witness's name."""
    found = []
    for one in phones.of_household(home.id):
        body = phones.body_of(one)
        answers: dict[str, str] = body.get("answers", {})
        lines = [
            (_(BY_ID[name].text), shown_answer(name, given))
            for name, given in answers.items()
            if name in BY_ID
        ]
        lines += [
            (_(title), _(CLASS_NAMES[HouseholdClass(answers[name])]) if name == "chosen" else answers[name])
            for name, title in _WRITTEN.items()
            if answers.get(name)
        ]
        lines += [(_("Lý do"), body["note"])] if body.get("note") else []
        lines += [(_("Người làm chứng"), body["witness"])] if body.get("witness") else []
        if lines:
            who = queries.names_of({one.user_id}).get(one.user_id, "")
            title = _("Bản viết lúc không có mạng, tới ngày %(day)s", day=_day(one.arrived_at))
            found.append(Entry(title, tuple(lines), who))
    return found


def _declared(review: Review) -> list[tuple[str, str]]:
    answers = declarations.answers_of(review)
    if not answers:
        return [(_("Câu trả lời"), _("không có, hoặc đã xoá"))]
    lines = [(_(one.text), shown_answer(one.id, answers[one.id])) for one in QUESTIONS if one.id in answers]
    if witness := witness_of(review):
        photo = _("có ảnh tờ giấy") if photo_of(review) else _("ảnh đã xoá")
        lines.append((_("Hộ ký trước người làm chứng"), f"{witness}, {photo}"))
    names = standards()
    for told in declarations.explain(review, answers)[:1]:
        why = sentences.items(told, names[told.standard_id], answers, declarations.area_of(review))
        lines += [(_("Điểm của mục %(what)s", what=what), says) for what, says in why]
    for result in review.results:
        title = names[result.standard_id].title_en if language() == "en" else names[result.standard_id].title
        said = _(CLASS_NAMES[HouseholdClass(result.outcome)]) + (" (DEMO)" if result.is_demo else "")
        lines.append((_("Tính thử theo %(title)s", title=title), said))
        lacks = [
            _(INDICATOR_NAMES.get(one.indicator, one.indicator))
            for one in result.deprivations
            if one.deprived
        ]
        lines.append((_("Thiếu, theo chuẩn này"), ", ".join(lacks) or _("không thứ nào")))
    return lines


def _cases(home: Household) -> list[Entry]:
    """Cases with every step's words and what was said against them; who objected is not the household's to know."""
    found = []
    for one in queries.cases_of(home.id):
        lines = [
            (_("Tình trạng"), _(STATE_WORDS[procedure.said_state(one)])),
            (_("Mức theo điểm"), _class(one.score) + (" (DEMO)" if one.score and one.is_demo else "")),
            (_("Mức cán bộ đề nghị"), _class(one.chosen)),
            (_("Xã phải xong trước"), _day(one.due_on)),
        ]
        for step in procedure.history(one):
            said = [_(EVENT_WORDS[step.event]), step.by, _class(step.chosen), step.note]
            lines.append((_day(step.at), ", ".join(word for word in said if word)))
        for against in procedure.objections(one):
            lines.append((_("Có người không đồng ý"), against.said))
            lines.append((_("Cán bộ viết"), against.answer))
        title = _("Mở ngày %(day)s", day=_day(one.opened_on))
        found.append(Entry(title, tuple(line for line in lines if line[1])))
    return found


def _class(value: str) -> str:
    """A class in words, '' for none."""
    return _(CLASS_WORDS[value]) if value in CLASS_WORDS else ""


def _needs(home: Household) -> list[Entry]:
    found = needs.needs_of_household(home.id)
    by = _entered({f"need:{one.id}" for one in found})
    entries = []
    for one in found:
        lines = [
            (_("Gấp hay không"), _(URGENCY_NAMES[Urgency(one.urgency)])),
            (_("Tình trạng"), _(STATE_NAMES[NeedState(one.state)][0])),
            (_("Nhà mình kể"), needs.note_of(one)),
            (_("Tự trả mỗi tháng"), vnd(one.copayment_vnd) if one.copayment_vnd is not None else ""),
            (_("Xã trả lời trước ngày"), _day(one.due_on)),
            (_("Kết quả"), _(OUTCOME_NAMES[Outcome(one.outcome)]) if one.outcome else ""),
        ]
        lines += [(_("Cán bộ viết"), needs.answer_of(one, step)) for step in one.steps]
        title = f"{_(KIND_NAMES[NeedKind(one.kind)])}, {_day(one.said_at)}"
        entries.append(Entry(title, tuple(line for line in lines if line[1]), by.get(f"need:{one.id}", "")))
    return entries


def _care(home: Household) -> list[Entry]:
    """Plans with their steps, then visits between rounds."""
    found = []
    for plan in followup.plans_of(home.id):
        lines = [
            (_("Nhà mình muốn"), followup.goal_of(plan)),
            (_("Nhà mình đồng ý ngày"), _day(plan.agreed_at)),
        ]
        for step in followup.steps_of(plan):
            lines.append(
                (_day(step.due_on), f"{step.what}, {_(WHO_WORDS[step.who])}, {_(STEP_WORDS[step.state][0])}")
            )
        title = _("Kế hoạch ngày %(day)s", day=_day(plan.made_at))
        found.append(Entry(title, tuple(line for line in lines if line[1])))
    for visit in followup.visits_of(home.id):
        said = ((_("So với lần trước"), _(FINDING_WORDS[visit.found])), (_("Cán bộ viết"), visit.note))
        found.append(Entry(_("Tới thăm ngày %(day)s", day=_day(visit.visited_on)), said, visit.by))
    return found


@dataclass(frozen=True)
class ConsentLine:
    """One consent, with what taking it back needs. held: 'cooperative' or 'commune'."""

    held: str
    id: int
    title: str
    text: str
    given: str
    withdrawn: str


def consent_lines(home: Household) -> list[ConsentLine]:
    """Every consent of a household, to cooperatives and to the commune, each with its exact words."""
    english, found = language() == "en", []
    for one in consents(home.id):
        wording = reference.wordings()[Purpose(one.purpose), one.wording_version]
        to = organisation(one.organisation_id).name
        title, text = (wording.title_en, wording.text_en) if english else (wording.title, wording.text)
        days = _day(one.given_at), _day(one.withdrawn_at)
        found.append(ConsentLine("cooperative", one.id, title, text % {"organisation": to}, *days))
    for held_by in queries.commune_consents(home.id):
        text = _("Xã xem mỗi năm nhà mình bán ở khoảng nào. Không thấy đơn hàng, không thấy bán cho ai.")
        days = _day(held_by.given_at), _day(held_by.withdrawn_at)
        found.append(ConsentLine("commune", held_by.id, _("Cho xã xem mức bán hàng"), text, *days))
    return sorted(found, key=lambda one: bool(one.withdrawn))


def _consents(home: Household) -> list[Entry]:
    return [
        Entry(
            one.title,
            (
                (_("Lời đồng ý"), one.text),
                (_("Đồng ý ngày"), one.given),
                *(((_("Đã bỏ ngày"), one.withdrawn),) if one.withdrawn else ()),
            ),
        )
        for one in consent_lines(home)
    ]


def _sales(home: Household) -> list[Entry]:
    found = []
    for one in sales.of_household(home.id):
        low, high = one.low_vnd, one.high_vnd
        lines = [
            (
                _("Mỗi người bán khoảng"),
                f"{vnd(low)} – {vnd(high)}" if high else _("từ %(low)s", low=vnd(low)),
            ),
            (_("Tình trạng"), _(STANDING_WORDS[one.state])),
            (_("Nhà mình nói"), sales.words_of(one)),
            (_("Xã trả lời"), sales.answer_of(one)),
        ]
        found.append(Entry(_("Năm %(year)s", year=one.year), tuple(line for line in lines if line[1])))
    return found


def _reads(home: Household) -> list[Entry]:
    found = []
    for one in queries.touches(home):
        lines = [(_("Ai"), _("nhà mình") if one.own else _who(one.name, one.role))]
        if one.purpose:
            lines.append(
                (_("Để làm gì"), _(PURPOSES[one.purpose]) if one.purpose in PURPOSES else one.purpose)
            )
        if one.times > 1:
            lines.append((_("Mấy lần trong ngày"), str(one.times)))
        found.append(Entry(f"{_(deed(one.verb))}, {_day(one.at)}", tuple(lines)))
    return found


def _requests(home: Household) -> list[Entry]:
    return [
        Entry(
            f"{_(ASK_NAMES[Ask(one.ask)])}, {_day(one.asked_at)}",
            tuple(
                line
                for line in (
                    (_("Về phần"), _(PART_NAMES[Part(one.part)]) if one.part else _("cả hồ sơ")),
                    (_("Nhà mình nói"), queries.words_of(one)),
                    (_("Tình trạng"), _(ASK_STATES[AskState(one.state)][0])),
                    (_("Trả lời trước ngày"), _day(one.due_on)),
                    (_("Cán bộ viết"), queries.answer_of(one)),
                )
                if line[1]
            ),
        )
        for one in queries.requests_of(home.id)
    ]
