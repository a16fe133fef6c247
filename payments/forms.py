"""What staff type about money."""

from datetime import UTC, datetime

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from cooperatives.bank.rules import BANKS
from core import clock
from core.clock import HANOI
from core.forms import Form, KeyField, VndField
from core.i18n import _, _l

SENT_HOW = [SelectChoice("bank", _l("Chuyển khoản")), SelectChoice("cash", _l("Tiền mặt"))]
REASON = [DataRequired(), Length(max=300)]


class TransferForm(Form):
    """A transfer as it stands in the bank's book."""

    key = KeyField()
    account_id = SelectField(_l("Vào tài khoản"), coerce=int)
    amount_vnd = VndField(_l("Số tiền"), validators=[InputRequired()])
    content = StringField(_l("Nội dung chuyển khoản"), validators=[Length(max=300)])
    on = DateField(_l("Ngày tiền vào"), validators=[InputRequired()])
    at = TimeField(_l("Giờ tiền vào"), validators=[InputRequired()])
    reference = StringField(_l("Số bút toán của ngân hàng"), validators=[Optional(), Length(max=80)])

    @property
    def booked_at(self) -> datetime:
        """The instant typed, as UTC."""
        assert self.on.data and self.at.data, "validated first"
        return datetime.combine(self.on.data, self.at.data, HANOI).astimezone(UTC)


class MatchForm(Form):
    """Which order the money is for."""

    code = StringField(_l("Mã đơn"), validators=[DataRequired(), Length(max=20)])
    reason = StringField(_l("Vì sao biết"), validators=REASON)


class ReturnForm(Form):
    """Why the money goes back."""

    reason = StringField(_l("Vì sao trả lại"), validators=REASON, id="return-reason")


class CancelForm(Form):
    """Why an order is cancelled."""

    reason = TextAreaField(_l("Vì sao huỷ"), validators=REASON)


class RefuseForm(Form):
    """Why a parcel came back."""

    reason = TextAreaField(_l("Vì sao hàng quay về"), validators=REASON)


class RefundForm(Form):
    """What is given back besides the pieces, which are fields named q-<line id>."""

    key = KeyField()
    shipping_vnd = VndField(_l("Hoàn thêm phí đưa hàng"), validators=[Optional()])
    goods_back = BooleanField(_l("Hàng đã quay về, đưa vào khu chờ kiểm"))
    reason = TextAreaField(_l("Vì sao hoàn tiền"), validators=REASON)


class PayeeForm(Form):
    """The buyer's account, as the buyer said it."""

    bank_bin = SelectField(
        _l("Ngân hàng của khách"), choices=[SelectChoice(bank.bin, bank.short) for bank in BANKS]
    )
    account_number = StringField(_l("Số tài khoản của khách"), validators=[DataRequired(), Length(max=19)])
    holder = StringField(_l("Tên chủ tài khoản"), validators=[DataRequired(), Length(max=60)])


class SentForm(Form):
    """How the money went."""

    how = RadioField(_l("Đã trả bằng"), choices=SENT_HOW, validators=[InputRequired()])
    reference = StringField(_l("Số bút toán của ngân hàng"), validators=[Length(max=80)])
    proof = FileField(_l("Ảnh hoặc PDF biên lai"), validators=[Optional()])

    def validate_reference(self, field: StringField) -> None:
        """Money sent by bank leaves a proof: its number, or the slip."""
        if self.how.data == "bank" and not field.data and not getattr(self.proof.data, "filename", ""):
            raise ValidationError(_("Chép số bút toán trong tin báo, hoặc gửi ảnh biên lai."))


class ProofForm(Form):
    """The slip, sent afterwards."""

    proof = FileField(_l("Ảnh hoặc PDF biên lai"), [FileRequired(_l("Chọn ảnh hoặc tệp PDF."))])


class RemittanceForm(Form):
    """What a carrier paid over. The orders are ticks named order_ids."""

    key = KeyField()
    carrier = StringField(_l("Bên giao hàng"), validators=[DataRequired(), Length(max=60)])
    received_on = DateField(_l("Ngày tiền về"), validators=[InputRequired()], default=clock.today)
    fee_vnd = VndField(_l("Phí thu hộ bị trừ"), validators=[Optional()])
    shipping_vnd = VndField(_l("Cước gửi bị trừ"), validators=[Optional()])
    reference = StringField(_l("Số bảng kê"), validators=[Optional(), Length(max=80)])
