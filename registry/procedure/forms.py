"""Forms of the procedure: one for each step, each with its own key against a second tap."""

from wtforms import DateField, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from accounts.forms import PhoneField
from core.forms import Form, KeyField
from core.i18n import _, _l
from registry.procedure.rules import CHOSEN, CLASS_WORDS

WORDS_MAX = 2000


def class_field() -> RadioField:
    """The classes a person may propose."""
    return RadioField(_l("Mức đề nghị"), validate_choice=False)


class WithClass(Form):
    """A form that proposes a class."""

    chosen = class_field()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.chosen.choices = [(one.value, _(CLASS_WORDS[one])) for one in CHOSEN]


class EnrolForm(Form):
    """Which households, and why."""

    origin = RadioField(
        _l("Vì sao đưa vào"),
        choices=[
            SelectChoice("round", _l("Danh sách rà soát năm nay")),
            SelectChoice("request", _l("Hộ nộp giấy đề nghị")),
        ],
        default="round",
    )
    households = SelectMultipleField(_l("Hộ"), coerce=int, validate_choice=False)


class ScreenForm(Form):
    """Form A, in short."""

    goes_on = RadioField(
        _l("Xem nhanh thấy"),
        [InputRequired(_l("Chọn một câu."))],
        choices=[
            SelectChoice("yes", _l("Có khó khăn, xét tiếp")),
            SelectChoice("no", _l("Không xét tiếp lần này")),
        ],
    )
    note = TextAreaField(_l("Lý do"), [Length(max=WORDS_MAX)])


class ScoreForm(Form):
    """Form B is the declaration that the family sent."""


class VisitForm(WithClass):
    """What was seen at the home."""

    note = TextAreaField(_l("Đã thấy gì ở nhà hộ"), [Length(max=WORDS_MAX)])
    chosen = class_field()  # asked after what was seen


class VoteForm(WithClass):
    """Hands at the meeting."""

    votes_for = IntegerField(_l("Số hộ đồng ý"), [InputRequired(_l("Viết một số."))])
    votes_against = IntegerField(_l("Số hộ không đồng ý"), [InputRequired(_l("Viết một số."))])
    dissent = TextAreaField(_l("Người không đồng ý nói gì"), [Length(max=WORDS_MAX)])
    note = TextAreaField(_l("Lý do, nếu mức khác với điểm"), [Length(max=WORDS_MAX)])


class ObjectionForm(Form):
    """What is not right, and how to answer."""

    key = KeyField()
    line = RadioField(_l("Về hộ nào"), coerce=int, validate_choice=False)
    said = TextAreaField(_l("Điều chưa đúng"), [Length(max=WORDS_MAX)])
    contact = PhoneField(_l("Số điện thoại để trả lời, nếu muốn"), [Optional()])


class TakenForm(Form):
    """An objection that an officer writes down."""

    key = KeyField()
    how = RadioField(
        _l("Nghe qua"),
        choices=[SelectChoice("phone", _l("Điện thoại")), SelectChoice("present", _l("Gặp trực tiếp"))],
        default="phone",
    )
    said = TextAreaField(_l("Họ nói gì"), [Length(max=WORDS_MAX)])
    contact = PhoneField(_l("Số điện thoại để trả lời, nếu muốn"), [Optional()])


class AnswerForm(WithClass):
    """The answer to an objection, after looking again."""

    upheld = RadioField(
        _l("Xem lại thấy"),
        [InputRequired(_l("Chọn một câu."))],
        choices=[
            SelectChoice("no", _l("Giữ như đã niêm yết")),
            SelectChoice("yes", _l("Ý kiến đúng, đổi mức")),
        ],
    )
    answer = TextAreaField(_l("Trả lời"), [Length(max=WORDS_MAX)])
    chosen = RadioField(_l("Mức mới, nếu đổi"), validate_choice=False)
    note = TextAreaField(_l("Lý do, nếu mức khác với điểm"), [Length(max=WORDS_MAX)])


class ProposeForm(Form):
    """The decision's number."""

    decision_number = StringField(_l("Số quyết định"), [Length(max=60)])


class ApproveForm(Form):
    """The second person's signature."""


class SendBackForm(Form):
    """Why it is not signed."""

    note = TextAreaField(_l("Vì sao trả lại"), [Length(max=WORDS_MAX)])


class MeetingForm(Form):
    """A village meeting as it was."""

    village = RadioField(_l("Thôn"), [InputRequired(_l("Chọn thôn."))], validate_choice=False)
    held_on = DateField(_l("Ngày họp"), [InputRequired(_l("Chọn ngày họp."))])
    led_by = StringField(
        _l("Ai chủ trì"), [InputRequired(_l("Viết tên người chủ trì.")), Length(min=2, max=80)]
    )
    written_by = StringField(
        _l("Ai ghi biên bản"), [InputRequired(_l("Viết tên người ghi.")), Length(min=2, max=80)]
    )
    present = IntegerField(
        _l("Bao nhiêu hộ trong danh sách có người dự"), [InputRequired(_l("Viết một số."))]
    )
    minutes = TextAreaField(_l("Ai nói gì"), [Length(max=8000)])


class PostForm(Form):
    """Which village's list to hang."""

    village = StringField(_l("Thôn"), [InputRequired()])


class EmptyForm(Form):
    """A button that needs only its token."""
