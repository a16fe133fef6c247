"""Why a result is what it is, a sentence for each point: one place for the result's page and for a family's record."""

from core.i18n import _
from registry.questions import BY_ID, ITEM_NAMES, shown_answer
from registry.reasons import most_of_items, questions_of_items
from registry.rules import Answers, Area, ItemLine, Result
from registry.standards.rules import Standard


def _said(questions: list[str], answers: Answers) -> str:
    return "; ".join(shown_answer(one, answers.get(one)) for one in questions if one in BY_ID)


def of_item(line: ItemLine, said: str, most: int) -> str:
    """One item of B1. said: the answers behind it, in words; most: the most points that it can give there."""
    given = {"said": said, "most": most, "low": line.low_points, "high": line.high_points}
    if line.low_points != line.high_points:
        return _(
            "Trả lời “%(said)s”, nên được từ %(low)s đến %(high)s điểm. Nhiều nhất là %(most)s.", **given
        )
    if line.low_points == 0:
        return _("Trả lời “%(said)s”, nên không được điểm nào. Nhiều nhất là %(most)s.", **given)
    return _("Trả lời “%(said)s”, nên được %(low)s điểm. Nhiều nhất là %(most)s.", **given)


def items(result: Result, standard: Standard, answers: Answers, area: Area) -> list[tuple[str, str]]:
    """(what, why) for each item of B1, in the order of the form; nothing where the standard has no points."""
    asked, most = questions_of_items(standard), most_of_items(standard, area)
    return [
        (_(ITEM_NAMES[line.item]), of_item(line, _said(asked[line.item], answers), most[line.item]))
        for line in result.items
    ]
