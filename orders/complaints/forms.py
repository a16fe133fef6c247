"""Forms of complaints."""

from wtforms import FileField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from accounts.forms import PhoneField
from core.forms import Form, KeyField
from core.i18n import _l
from orders.complaints.rules import KIND_TEXT


class ComplaintForm(Form):
    """What happened, and how to reach who says so. No papers of identity are asked for."""

    key = KeyField()
    kind = RadioField(
        _l("Chuyện gì?"),
        [InputRequired(_l("Chọn một mục gần nhất."))],
        choices=[SelectChoice(one.value, _l(text)) for one, text in KIND_TEXT.items()],
    )
    code = StringField(_l("Mã đơn, nếu có"), [Optional(), Length(max=20)])
    about = StringField(_l("Món hàng hoặc trang nào, nếu không có mã đơn"), [Optional(), Length(max=300)])
    text = TextAreaField(
        _l("Chuyện đã xảy ra"), [InputRequired(_l("Viết chuyện đã xảy ra.")), Length(max=3000)]
    )
    wish = TextAreaField(_l("Bạn muốn giải quyết thế nào"), [Optional(), Length(max=1000)])
    photo = FileField(_l("Thêm ảnh"), [Optional()])
    name = StringField(_l("Tên bạn"), [InputRequired(_l("Viết tên để tiện gọi.")), Length(max=120)])
    phone = PhoneField(
        _l("Số điện thoại"), [InputRequired(_l("Viết số để báo từng bước, ví dụ 0912 345 678."))]
    )


class ReplyForm(Form):
    """Why the answer is not enough."""

    text = TextAreaField(
        _l("Vì sao chưa được"), [InputRequired(_l("Viết vài câu cho người kia biết.")), Length(max=3000)]
    )


class AnswerForm(Form):
    """An answer to whoever complained."""

    answer = TextAreaField(
        _l("Trả lời người khiếu nại"),
        [InputRequired(_l("Viết vài câu cho người kia biết.")), Length(max=3000)],
    )


class ForwardForm(Form):
    """To which cooperative it goes."""

    cooperative_id = SelectField(_l("Hợp tác xã"), coerce=int)
    text = TextAreaField(_l("Lời nhắn cho hợp tác xã"), [Optional(), Length(max=3000)])


class PlainForm(Form):
    """A button with a token."""
