"""Forms of declaring."""

from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from accounts.forms import PhoneField
from core.forms import Form, KeyField
from core.i18n import _, _l
from registry.questions import DUNNO, Question, option_words


class AnswerForm(Form):
    """One question: a choice, or a number with 'không biết' beside it."""

    answer = RadioField(_l("Trả lời"), validate_choice=False)
    number = StringField(_l("Số"))

    @classmethod
    def ask(cls, question: Question, given: str | int | None) -> "AnswerForm":
        """The form for one question, showing what was answered before."""
        counted = question.kind == "number" and given not in (None, DUNNO)
        form = cls(data={"answer": str(given) if given is not None and not counted else None,
                         "number": str(given) if counted else ""})  # fmt: skip
        form.answer.label.text = _(question.text)
        options = (
            []
            if question.kind == "number"
            else [(value, option_words(question, value)) for value, _label in question.options]
        )
        form.answer.choices = [*options, (DUNNO, _("Không biết"))]
        form.number.label.text = _("Viết bằng số")
        form.number.unit = _(question.unit) if question.unit else ""
        form.number.inputmode = "numeric"
        if question.kind != "number":
            del form.number
        return form

    def given(self) -> str:
        """What was answered: the number typed, else the choice ticked."""
        typed = (self.number.data or "").strip() if "number" in self else ""
        return typed or str(self.answer.data or "")


class FindHouseholdForm(Form):
    """Whom to help: by the phone of somebody in the household."""

    phone = PhoneField(_l("Số điện thoại của người trong hộ"), [InputRequired(_l("Viết số điện thoại."))])


class BeginHelpForm(Form):
    """The household's yes to being helped."""

    phone = PhoneField(_l("Số điện thoại của người trong hộ"), [InputRequired(_l("Viết số điện thoại."))])
    code = StringField(
        _l("Mã 6 chữ số hộ đọc cho nghe"), [InputRequired(_l("Viết mã 6 chữ số.")), Length(min=6, max=6)]
    )


class NewHouseholdForm(Form):
    """A household that is not recorded yet."""

    key = KeyField()
    name = StringField(_l("Họ tên chủ hộ"), [InputRequired(_l("Viết họ tên chủ hộ.")), Length(min=2, max=80)])
    village = StringField(_l("Thôn, bản"), [InputRequired(_l("Viết tên thôn, bản.")), Length(min=2, max=80)])
    phone = PhoneField(_l("Số điện thoại, nếu có"), [Optional()])
    birth_year = IntegerField(_l("Năm sinh, nếu biết"), [Optional()])


class ConfirmForm(Form):
    """The code the household received."""

    code = StringField(
        _l("Mã 6 chữ số hộ đọc cho nghe"), [InputRequired(_l("Viết mã 6 chữ số.")), Length(min=6, max=6)]
    )


class EmptyForm(Form):
    """A button that needs only its token."""
