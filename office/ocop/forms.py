"""Forms of dossiers."""

from wtforms import DateField, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, KeyField
from core.i18n import N_, _, _l
from office.ocop.rules import NOTE_MAX, NUMBER_MAX, PLACE_MAX, STARS, Event

SAID = {
    Event.AWARDED: N_("Công nhận, có sao"),
    Event.RETURNED: N_("Trả về để bổ sung"),
    Event.DECLINED: N_("Không đạt lần này"),
}


def _stars(value: object) -> int | None:
    return int(str(value)) if value not in (None, "", "None") else None


class OpenForm(Form):
    """Begin for a product."""

    key = KeyField()


class PieceForm(Form):
    """One's own evidence to a criterion."""

    key = KeyField()
    criterion = HiddenField()
    note = TextAreaField(_l("Viết gì thêm"), [Length(max=NOTE_MAX)])
    file = FileField(_l("Ảnh chụp hoặc PDF"))


class SentForm(Form):
    """That the dossier went out."""

    key = KeyField()
    on = DateField(_l("Gửi ngày"), [InputRequired()])
    office = StringField(_l("Gửi tới đâu"), [InputRequired(), Length(max=PLACE_MAX)])
    note = StringField(_l("Ghi chú"), [Length(max=NOTE_MAX)])


class ResultForm(Form):
    """What came back."""

    key = KeyField()
    event = SelectField(_l("Kết quả"), [InputRequired()], coerce=Event)
    on = DateField(_l("Ngày trên giấy"), [InputRequired()])
    office = StringField(_l("Nơi trả lời"), [InputRequired(), Length(max=PLACE_MAX)])
    stars = SelectField(_l("Mấy sao"), [Optional()], coerce=_stars)
    number = StringField(_l("Số quyết định"), [Length(max=NUMBER_MAX)])
    valid_to = DateField(_l("Hết hạn ngày"), [Optional()])
    scan = FileField(_l("Chụp hoặc chọn bản quét"))
    note = StringField(_l("Ghi chú"), [Length(max=NOTE_MAX)])

    def offer(self) -> None:
        """Fill the choices."""
        self.event.choices = [(str(event), _(text)) for event, text in SAID.items()]
        self.stars.choices = [
            ("", _("Chưa có sao")),
            *((str(one), _("%(stars)s sao", stars=one)) for one in STARS),
        ]
