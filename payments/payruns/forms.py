"""What staff type about pay runs."""

from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as Maybe

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class ChoiceForm(Form):
    """Whom to pay. Sent by GET: it changes nothing."""

    upto_on = DateField(_l("Trả tiền hàng bán đến hết ngày"), [InputRequired()])
    least_vnd = VndField(_l("Mỗi nhà từ bao nhiêu mới trả"), [Maybe()])
    most_vnd = VndField(_l("Cả lượt trả nhiều nhất"), [Maybe()])


class MakeForm(ChoiceForm):
    """The run as it was shown."""

    key = KeyField()
    digest = HiddenField()


class SentForm(Form):
    """The money of a line went."""

    key = KeyField()
    reference = StringField(_l("Số giao dịch của ngân hàng"), [Maybe(), Length(max=60)])


class FailForm(Form):
    """Why a line could not go."""

    reason = StringField(_l("Vì sao không chuyển được?"), [Maybe(), Length(max=120)], id="fail-reason")


class BackForm(Form):
    """What the bank said when it sent a payout back."""

    key = KeyField()
    reason = StringField(
        _l("Ngân hàng báo gì?"),
        [InputRequired(_l("Ví dụ: sai số tài khoản.")), Length(max=120)],
        id="back-reason",
    )
    on = DateField(_l("Tiền về ngày nào"), [Maybe()])
