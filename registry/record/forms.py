"""Forms of one's own record."""

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField
from core.i18n import _, _l
from registry.record.rules import PART_NAMES, TEXT_MAX, Ask


class AskForm(Form):
    """What is wrong, or what should stop."""

    key = KeyField()
    part = SelectField(_l("Về phần nào"), validate_choice=False)
    words = TextAreaField(_l("Nói rõ với xã"), [Optional(), Length(max=TEXT_MAX)])

    @classmethod
    def about(cls, what: Ask) -> "AskForm":
        """The form for one kind of request; an erasure asks for no part."""
        form = cls()
        form.part.choices = [("", _("Cả hồ sơ")), *((one.value, _(name)) for one, name in PART_NAMES.items())]
        if what is Ask.ERASE:
            del form.part
        else:
            form.words.flags.optional = False  # the verb asks for words; only an erasure may go without
        return form


class AnswerForm(Form):
    """What an officer did about a request, or why not."""

    granted = RadioField(_l("Kết quả"), [InputRequired(_l("Chọn một câu."))])
    words = TextAreaField(
        _l("Viết cho hộ"), [InputRequired(_l("Viết vài câu cho hộ.")), Length(min=5, max=TEXT_MAX)]
    )

    @classmethod
    def blank(cls) -> "AnswerForm":
        """The form with both outcomes."""
        form = cls()
        form.granted.choices = [("yes", _("Đã làm theo")), ("no", _("Không làm theo, có lý do"))]
        return form


class DeedForm(Form):
    """A button that needs only its token."""
