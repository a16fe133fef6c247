"""What a manager answers."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from catalog.questions.rules import ANSWER_MAX
from core.forms import Form
from core.i18n import _l


class AnswerForm(Form):
    """One answer."""

    answer = TextAreaField(
        _l("Câu trả lời"), [InputRequired(_l("Viết câu trả lời, ai cũng đọc được.")), Length(max=ANSWER_MAX)]
    )


class PlainForm(Form):
    """A button with a token and nothing else."""
