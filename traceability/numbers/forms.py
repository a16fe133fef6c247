"""Forms of numbers: registering a prefix, a case's size, a logistic unit."""

from wtforms import FileField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from cooperatives.rules import document_suffix
from core import files
from core.errors import Invalid
from core.forms import Form, KeyField
from core.i18n import N_, _l
from traceability.numbers.operations import PIECES_MAX


class PrefixForm(Form):
    """What GS1's certificate says, with its scan."""

    digits = StringField(_l("Mã doanh nghiệp GS1"), [InputRequired(), Length(max=20)])
    licence = StringField(_l("Số giấy chứng nhận"), [InputRequired(), Length(max=60)])
    first_free = IntegerField(_l("Hợp tác xã đã tự dùng bao nhiêu mã hàng"), [NumberRange(0)], default=0)
    document = FileField(_l("Bản chụp giấy chứng nhận"))

    def stored(self) -> str:
        """Keep the file and give its private name; empty where none was sent. Outside any transaction."""
        sent = self.document.data
        content = sent.read() if sent else b""
        if not content:
            return ""
        try:
            return files.put(content, document_suffix(content[:16]))
        except Invalid:
            raise Invalid(N_("Tệp này không phải ảnh hay PDF."), remedy=N_("Chụp lại giấy rồi gửi ảnh."),
                          field="document") from None  # fmt: skip


class CaseForm(Form):
    """How many packs a case holds."""

    pieces = IntegerField(_l("Một thùng mấy gói"), [InputRequired(), NumberRange(2, 10_000)])


class UnitForm(Form):
    """What a logistic unit holds: so many packs of one lot."""

    key = KeyField()
    pack_id = RadioField(_l("Quy cách"), [InputRequired()])
    pieces = IntegerField(_l("Trong kiện có mấy gói"), [InputRequired(), NumberRange(1, PIECES_MAX)])


class PlainForm(Form):
    """A button that does one thing."""
