"""Forms: what a second commune finds, what the province decides, kin that an officer declares, her answers."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.forms import Form
from core.i18n import _l
from registry.fairness.rules import VERDICT_WORDS, Verdict
from registry.procedure.forms import WORDS_MAX, WithClass, class_field


class FindForm(WithClass):
    """What was seen, then which class is right."""

    note = TextAreaField(_l("Đã thấy gì ở nhà hộ"), [Length(max=WORDS_MAX)])
    chosen = class_field()


class SettleForm(Form):
    """What the province decides on a difference."""

    verdict = RadioField(
        _l("Quyết định"),
        [InputRequired(_l("Chọn một câu."))],
        choices=[SelectChoice(one.value, _l(VERDICT_WORDS[one])) for one in Verdict],
    )
    words = TextAreaField(_l("Vì sao"), [Length(max=WORDS_MAX)])


class KinForm(Form):
    """Which household of the place is kin."""

    household = RadioField(
        _l("Hộ nào là người nhà"), [InputRequired(_l("Chọn một hộ."))], validate_choice=False
    )


class AnswerForm(Form):
    """An officer's answer to one question."""

    words = TextAreaField(
        _l("Trả lời"), [InputRequired(_l("Viết câu trả lời, ít nhất vài chữ.")), Length(max=WORDS_MAX)]
    )
