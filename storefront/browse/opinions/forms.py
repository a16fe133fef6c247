"""What buyers write: a question, a review, a report."""

from typing import Any

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from accounts.rules import normalise_phone
from catalog.questions.rules import NAME_MAX, QUESTION_MAX
from core.errors import Invalid
from core.forms import Form, KeyField
from core.i18n import _, _l
from orders.reviews.rules import REASON_NAMES, STAR_NAMES, TEXT_MAX


class AskForm(Form):
    """A question about a product."""

    key = KeyField()
    text = TextAreaField(
        _l("Bạn muốn hỏi gì?"),
        [InputRequired(_l("Viết câu hỏi, ví dụ: miến này nấu bao lâu thì chín?")), Length(max=QUESTION_MAX)],
    )
    name = StringField(
        _l("Tên để gọi"), [InputRequired(_l("Viết tên để gọi, ví dụ Chị Lan.")), Length(max=NAME_MAX)]
    )
    phone = StringField(_l("Số điện thoại để được nhắn khi có trả lời"), [Optional(), Length(max=20)])

    def validate_phone(self, field: Any) -> None:
        """A number that can be called, or none."""
        if field.data:
            try:
                self.e164 = normalise_phone(field.data)
            except Invalid as error:
                raise ValidationError(
                    f"{_(error.message, **error.params)} {_(error.remedy, **error.params)}"
                ) from error

    e164 = ""


class ReviewForm(Form):
    """Stars, words, and the name to stand under them."""

    stars = RadioField(_l("Mấy sao?"), [InputRequired(_l("Chọn từ 1 đến 5 sao."))])
    text = TextAreaField(_l("Kể cho người mua sau"), [Optional(), Length(max=TEXT_MAX)])
    name = StringField(
        _l("Tên hiện dưới nhận xét"),
        [InputRequired(_l("Viết tên hiện ra, ví dụ Chị L.")), Length(max=NAME_MAX)],
    )

    def offer(self) -> None:
        """The choices in the reader's language."""
        self.stars.choices = [SelectChoice(str(stars), _(text)) for stars, text in STAR_NAMES.items()]


class ReportForm(Form):
    """Why a review should not stand."""

    key = KeyField()
    reason = RadioField(_l("Vì sao?"), [InputRequired(_l("Chọn một mục gần nhất."))])
    back = HiddenField()

    def offer(self) -> None:
        """The choices in the reader's language."""
        self.reason.choices = [SelectChoice(one.value, _(text)) for one, text in REASON_NAMES.items()]


class PlainForm(Form):
    """A button with a token and nothing else."""
