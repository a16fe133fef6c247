"""A result in words: every point of it."""

from flask import Flask

from registry import queries, sentences
from registry.rules import ItemLine
from registry.standards.queries import standards
from tests.factories.registry import submitted_review


def test_each_point_is_explained_in_a_sentence(ctx: Flask) -> None:
    review = submitted_review()
    answers = queries.answers_of(review)
    told = queries.explain(review, answers)[0]
    held = standards()[told.standard_id]
    why = sentences.items(told, held, answers, queries.area_of(review))
    assert (
        len(why) == len(told.items) and sum(line.low_points for line in told.items) == (told.b1 or (0, 0))[0]
    )
    for (what, says), line in zip(why, told.items, strict=True):
        assert what and says.startswith("Trả lời “") and "Chưa trả lời" not in says, what
        wanted = f"nên được {line.low_points} điểm" if line.low_points else "không được điểm nào"
        assert wanted in says and says.endswith(".")
    unknown = sentences.of_item(ItemLine("people", None, 0, 60), "Không biết", 60)
    assert unknown == "Trả lời “Không biết”, nên được từ 0 đến 60 điểm. Nhiều nhất là 60."
