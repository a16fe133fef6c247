"""Forms of needs."""

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField, VndField
from core.i18n import _, _l
from registry.needs.kinds import KIND_NAMES, URGENCY_NAMES, NeedKind
from registry.needs.rules import NOTE_MAX, OUTCOME_NAMES
from registry.schemes.rules import Scheme


class SayForm(Form):
    """How pressing a need is, and a few words; for telecom also what the household can pay itself."""

    key = KeyField()
    urgency = RadioField(_l("Việc này có gấp không?"), [InputRequired(_l("Chọn một câu."))])
    copayment_vnd = VndField(_l("Nhà mình tự trả được bao nhiêu mỗi tháng?"), [Optional()])
    note = TextAreaField(_l("Kể thêm cho xã"), [Optional(), Length(max=NOTE_MAX)])

    @classmethod
    def ask(cls, kind: NeedKind) -> "SayForm":
        """The form for one kind of need."""
        form = cls()
        form.urgency.choices = [(one.value, _(text)) for one, text in URGENCY_NAMES.items()]
        if kind is not NeedKind.TELECOM:
            del form.copayment_vnd
        return form


class SayForForm(SayForm):
    """A helper also says which kind it is."""

    kind = RadioField(_l("Hộ cần gì?"), [InputRequired(_l("Chọn một câu."))])

    @classmethod
    def blank(cls) -> "SayForForm":
        """The form with every kind."""
        form = cls()
        form.urgency.choices = [(one.value, _(text)) for one, text in URGENCY_NAMES.items()]
        form.kind.choices = [(one.value, _(text)) for one, text in KIND_NAMES.items()]
        return form


class ConfirmNeedForm(Form):
    """The code the household received."""

    code = StringField(
        _l("Mã 6 chữ số hộ đọc cho nghe"), [InputRequired(_l("Viết mã 6 chữ số.")), Length(min=6, max=6)]
    )


class CloseForm(Form):
    """How a need was answered, in words for the household."""

    outcome = RadioField(_l("Kết quả"), [InputRequired(_l("Chọn một câu."))])
    scheme_id = SelectField(_l("Theo chính sách nào"), validate_choice=False)
    answer = TextAreaField(
        _l("Viết cho hộ"), [InputRequired(_l("Viết vài câu cho hộ.")), Length(min=2, max=NOTE_MAX)]
    )

    @classmethod
    def over(cls, found: list[Scheme], place: int) -> "CloseForm":
        """The form with the schemes that a kind of need has; place: 0 for Vietnamese names, 1 for English."""
        form = cls()
        form.outcome.choices = [(one.value, _(text)) for one, text in OUTCOME_NAMES.items()]
        form.scheme_id.choices = [("", _("Không theo chính sách nào"))]
        form.scheme_id.choices += [(one.id, one.names[place]) for one in found]
        return form
