"""What a manager answers to a review."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form
from core.i18n import _l
from orders.reviews.rules import ANSWER_MAX


class AnswerForm(Form):
    """One answer."""

    answer = TextAreaField(
        _l("Trả lời nhận xét này"),
        [InputRequired(_l("Viết câu trả lời, ai cũng đọc được.")), Length(max=ANSWER_MAX)],
    )


class PlainForm(Form):
    """A button with a token and nothing else."""
