"""Two versions that differ, in words a person can choose by: what a phone brought, and what stands here."""

from datetime import date
from typing import Any

from accounts.rules import Actor
from core.format import day
from core.i18n import _
from registry.phones import queries
from registry.phones.entries import Sent
from registry.phones.meetings import meeting_says, said_by
from registry.phones.models import PhoneEntry
from registry.phones.rules import Kind
from registry.phones.visits import causes_of
from registry.procedure import queries as cases
from registry.procedure.models import ReviewCase
from registry.procedure.rules import CLASS_WORDS, ENDED, CaseState
from registry.procedure.words import EVENT_WORDS
from registry.queries import answers_of
from registry.questions import QUESTIONS, shown_answer
from registry.traits.forms import DISABILITY_WORDS
from registry.traits.queries import traits_of_case
from registry.traits.rules import CAUSES, Traits

Row = tuple[str, str, str]  # what; in the phone; here


def two(actor: Actor, entry: PhoneEntry) -> dict[str, Any]:
    """Rows of both versions, what differs first; who wrote what stands here; whether the phone's may still be used."""
    body = queries.body_of(entry)
    if not body:
        return {"rows": [], "here_by": "", "usable": False}
    sent, case = Sent(**(body | {"kind": Kind(body["kind"])})), queries.case_of(entry)
    by, usable = "", True
    if entry.kind == Kind.MEETING:
        rows, by = _meeting(actor, entry, sent)
        usable = _meets_still(entry)
    elif case is not None and entry.kind != Kind.ANSWERS:
        made = {Kind.SCREEN: _screen, Kind.TRAITS: _traits, Kind.VISIT: _visit, Kind.VOTE: _vote}
        rows, by = made[Kind(entry.kind)](case, sent)
        usable = _usable(Kind(entry.kind), case)
    else:
        rows = _answers(entry, sent)
    rows.sort(key=lambda row: row[1] == row[2])
    return {"rows": rows, "here_by": by, "usable": usable}


def _usable(kind: Kind, case: ReviewCase) -> bool:
    state, meeting = CaseState(case.state), cases.meeting_for(case)
    if kind is Kind.SCREEN:
        return state in queries.FORM_A
    if kind is Kind.VISIT:
        return state is CaseState.SCORED or (state is CaseState.VISITED and meeting is None)
    if kind is Kind.VOTE:
        return state is CaseState.VISITED and meeting is not None
    return state not in (*ENDED, CaseState.PROPOSED)


def _words(chosen: str) -> str:
    return _(CLASS_WORDS[chosen]) if chosen in CLASS_WORDS else "–"


def _last(case: ReviewCase, *events: str) -> cases.StepView | None:
    found = [one for one in cases.history(case) if one.event in events]
    return found[-1] if found else None


def _screen(case: ReviewCase, sent: Sent) -> tuple[list[Row], str]:
    here = _last(case, "screen_in", "screen_out")
    event = "screen_in" if sent.goes_on else "screen_out"
    said = _(EVENT_WORDS[event])
    rows = [
        (_("Xem nhanh thấy"), said, _(EVENT_WORDS[here.event]) if here else "–"),
        (_("Lý do"), sent.note or "–", (here.note if here else "") or "–"),
    ]
    return rows, here.by if here else ""


def _visit(case: ReviewCase, sent: Sent) -> tuple[list[Row], str]:
    here = _last(case, "visit")
    rows = [
        (
            _("Đã thấy gì ở nhà hộ"),
            str(sent.answers.get("note", "")) or "–",
            (here.note if here else "") or "–",
        ),
        (_("Mức đề nghị"), _words(str(sent.answers.get("chosen", ""))), _words(here.chosen if here else "")),
    ]
    return rows, here.by if here else ""


def _traits(case: ReviewCase, sent: Sent) -> tuple[list[Row], str]:
    here = traits_of_case(case.id) or Traits()

    def causes(codes: Any) -> str:
        return "; ".join(_(CAUSES[code]) for code in CAUSES if code in codes) or "–"

    def disability(said: str) -> str:
        return str(DISABILITY_WORDS.get(said, "–"))

    rows = [
        (_("Vì sao khó khăn"), causes(causes_of(sent)), causes(here.causes)),
        (
            _("Trong hộ có người khuyết tật không"),
            disability(str(sent.answers.get("disability", ""))),
            disability(here.disability),
        ),
    ]
    return rows, ""


def _hands(yes: int, no: int) -> str:
    return _("%(yes)s hộ đồng ý, %(no)s không", yes=yes, no=no)


def _vote(case: ReviewCase, sent: Sent) -> tuple[list[Row], str]:
    held = cases.votes(case)
    vote, dissent = (held[-1][0], held[-1][2]) if held else (None, "")
    said = sent.answers
    rows = [
        (_("Mức đưa ra"), _words(str(said["chosen"])), _words(vote.chosen) if vote else "–"),
        (
            _("Biểu quyết"),
            _hands(int(said["yes"]), int(said["no"])),
            _hands(vote.for_count, vote.against_count) if vote else "–",
        ),
        (_("Người không đồng ý nói gì"), str(said["dissent"]) or "–", dissent or "–"),
    ]
    return rows, ""


def _meets_still(entry: PhoneEntry) -> bool:
    """Whether households of the village wait for a meeting."""
    return cases.waits_for_meeting(entry.commune_id or 0, entry.village)


def _meeting(actor: Actor, entry: PhoneEntry, sent: Sent) -> tuple[list[Row], str]:
    newest = cases.newest_meeting(entry.commune_id or 0, entry.village)
    brought = said_by(sent)
    here: dict[str, Any] = dict.fromkeys(brought, "") | {"votes": {}}
    if newest is not None:
        here = meeting_says(newest)
    titles = {
        "held_on": _("Ngày họp"),
        "led_by": _("Ai chủ trì"),
        "written_by": _("Ai ghi biên bản"),
        "present": _("Số hộ có mặt"),
        "minutes": _("Ai nói gì"),
    }
    rows = [(title, _day(name, brought[name]), _day(name, here[name])) for name, title in titles.items()]
    keys = [*dict.fromkeys([*brought["votes"], *here["votes"]])]
    names = cases.heads_of_cases(actor, keys)
    for key in (one for one in keys if one in names):
        pair = [
            _("%(class)s: %(hands)s", **{"class": _words(vote[0]), "hands": _hands(vote[1], vote[2])})
            if vote
            else "–"
            for vote in (brought["votes"].get(key), here["votes"].get(key))
        ]
        rows.append((_("Hộ %(name)s", name=names[key]), pair[0], pair[1]))
    return rows, ""


def _day(name: str, said: str) -> str:
    return (day(date.fromisoformat(said)) if name == "held_on" and said else said) or "–"


def _answers(entry: PhoneEntry, sent: Sent) -> list[Row]:
    review = queries.newest(entry.household_id or 0)
    here: dict[str, Any] = {**answers_of(review)} if review else {}
    return [
        (_(one.text), shown_answer(one.id, sent.answers.get(one.id)), shown_answer(one.id, here.get(one.id)))
        for one in QUESTIONS
        if one.id in sent.answers or one.id in here
    ]
