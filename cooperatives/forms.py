"""Forms of applying, deciding, staff, profile and settlement terms."""

import re
from typing import Any

from flask import current_app
from itsdangerous import BadData
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import TextInput

from accounts.forms import PhoneField
from accounts.rules import ROLE_NAMES, Role
from cooperatives.bank.forms import BankQuestions
from cooperatives.operations import Document
from cooperatives.rules import STORY_MAX, document_suffix, percent_text
from core import files
from core.errors import Invalid
from core.forms import Form, KeyField
from core.i18n import N_, _, _l
from core.seals import Sealed
from places.forms import AddressForm

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
PAPERS = {"registration": N_("Giấy đăng ký hợp tác xã"), "charter": N_("Điều lệ")}


class DayInput(TextInput):
    """A date input where the browser has one; a text field else, which also takes 20/05/2019."""

    input_type = "date"


def _signer() -> Sealed:
    return Sealed(current_app.config["SECRET_KEY"], salt="papers")


class PapersField(HiddenField):
    """Papers that were received already, signed: a form with an error elsewhere does not ask for them again."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            rows = _signer().loads(valuelist[0] if valuelist else "")
            self.data = {kind: Document(kind, file, title) for kind, file, title in rows}
        except (BadData, ValueError, TypeError):
            self.data = {}

    def _value(self) -> str:
        rows = [(paper.kind, paper.file, paper.title) for paper in (self.data or {}).values()]
        return str(_signer().dumps(rows))


class PercentField(Field):
    """A rate typed in per cent ('70', '12,5'); `data` is basis points or None."""

    data: Any
    widget = TextInput()
    unit = "%"
    inputmode = "decimal"

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else percent_text(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip().removesuffix("%").strip() if valuelist else ""
        if typed:
            if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", typed):
                raise ValueError(_("Viết số phần trăm, ví dụ 70 hoặc 12,5."))
            whole, _dot, part = typed.replace(",", ".").partition(".")
            self.data = int(whole) * 100 + int(part.ljust(2, "0") or 0)


class ProfileQuestions(Form):
    """What the shop page says besides the papers."""

    phone = PhoneField(
        _l("Số điện thoại cho khách gọi"), [InputRequired(_l("Viết số để khách gọi, ví dụ 0912 345 678."))]
    )
    zalo = PhoneField(_l("Số Zalo"), [Optional()])
    email = StringField(
        _l("Thư điện tử"),
        [
            Optional(),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Viết như ten@vidu.vn.")),
            Length(max=120),
        ],
    )
    story = TextAreaField(
        _l("Kể về hợp tác xã"),
        [Optional(), Length(max=STORY_MAX)],
        description=_l("Ai làm, làm gì, từ bao giờ. Năm câu là đủ."),
    )
    craft_tradition = StringField(
        _l("Nghề truyền thống của dân tộc nào"),
        [Optional(), Length(max=60)],
        description=_l("Ví dụ Tày, Dao. Khách lọc hàng theo mục này."),
    )
    founded_year = IntegerField(_l("Năm thành lập"), [Optional()])


class ProfileForm(ProfileQuestions):
    """A manager's changes to the shop page."""


class ApplyForm(AddressForm, ProfileQuestions, BankQuestions):
    """All that a cooperative says when it asks to sell."""

    ORDER = ("name", "registration_number", "registered_on", "registered_by", "legal_representative", "registration",
             "charter", "place", "commune_id", "address_line", "phone", "zalo", "email", "bank_bin", "account_number",
             "holder")  # fmt: skip
    key = KeyField()
    gs1_prefix = StringField(
        _l("Mã doanh nghiệp GS1"),
        [Optional(), Length(max=20)],
        description=_l("Chưa có thì để trống: chợ cho mượn số dùng riêng ở đây."),
    )
    name = StringField(
        _l("Tên hợp tác xã"), [InputRequired(_l("Viết tên như trên giấy đăng ký.")), Length(max=120)]
    )
    registration_number = StringField(
        _l("Số giấy đăng ký"),
        [InputRequired(_l("Chép số trên giấy đăng ký, ví dụ 4700123456.")), Length(max=40)],
    )
    registered_on = DateField(
        _l("Ngày cấp"), [InputRequired(_l("Chọn ngày cấp trên giấy."))], format=DAYS, widget=DayInput()
    )
    registered_by = StringField(
        _l("Nơi cấp"),
        [
            InputRequired(_l("Viết cơ quan cấp giấy, ví dụ Phòng Tài chính – Kế hoạch huyện Na Rì.")),
            Length(max=160),
        ],
    )
    legal_representative = StringField(
        _l("Người đại diện theo pháp luật"),
        [InputRequired(_l("Viết họ tên người đại diện.")), Length(max=120)],
    )
    registration = FileField(_l("Chụp giấy đăng ký"))
    charter = FileField(_l("Chụp điều lệ"))
    papers = PapersField()

    def take_papers(self) -> None:
        """Store what was sent now beside what was sent before; a file that cannot be read is refused at its field."""
        kept: dict[str, Document] = dict(self.papers.data or {})
        for kind in PAPERS:
            sent = self[kind].data
            if isinstance(sent, FileStorage) and sent.filename:
                self._store(kind, sent, kept)
        self.papers.data, self.papers.raw_data = kept, None
        if "registration" not in kept and not self.registration.errors:
            self.registration.errors = [_("Cần ảnh hoặc tệp PDF của giấy đăng ký.")]

    def _store(self, kind: str, sent: FileStorage, kept: dict[str, Document]) -> None:
        content = sent.read()
        try:
            suffix = document_suffix(content[:16])
        except Invalid as error:
            self[kind].errors = [f"{_(error.message)} {_(error.remedy)}"]
            return
        kept[kind] = Document(kind, files.put(content, suffix), sent.filename or kind)

    def validate(self, extra_validators: Any = None) -> bool:
        """All fields and the papers."""
        fine = bool(super().validate(extra_validators))
        self.take_papers()
        return fine and not any(self[kind].errors for kind in PAPERS)


class RefuseForm(Form):
    """Why an application goes back."""

    reason = TextAreaField(
        _l("Còn thiếu gì"),
        [InputRequired(_l("Viết rõ còn thiếu gì, để bà con biết mà bổ sung.")), Length(min=10, max=1000)],
    )


class PlainForm(Form):
    """A button with a token and nothing else."""


class InviteForm(Form):
    """A role for a phone number."""

    phone = PhoneField(
        _l("Số điện thoại"), [InputRequired(_l("Viết số của người được mời, ví dụ 0912 345 678."))]
    )
    role = RadioField(
        _l("Làm việc gì"),
        [InputRequired(_l("Chọn một việc."))],
        choices=[
            SelectChoice(role.value, _l(ROLE_NAMES[role]))
            for role in (Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
        ],
    )


class TermsForm(Form):
    """How a sale is shared from a day on."""

    from_on = DateField(
        _l("Áp dụng từ ngày"), [InputRequired(_l("Chọn một ngày."))], format=DAYS, widget=DayInput()
    )
    producers = PercentField(_l("Cho các hộ giao hàng"), [InputRequired()])
    processing = PercentField(_l("Cho việc chế biến, đóng gói"), [InputRequired()])
    fund = PercentField(_l("Vào quỹ hợp tác xã"), [InputRequired()])
    grade_1 = PercentField(_l("Loại 1"), [InputRequired()])
    grade_2 = PercentField(_l("Loại 2"), [InputRequired()])
    grade_3 = PercentField(_l("Loại 3"), [InputRequired()])
    guaranteed_price = BooleanField(_l("Giữ giá đã ứng: bán được ít hơn thì hợp tác xã chịu"))
    recall_borne_by = RadioField(
        _l("Hàng bị thu hồi thì ai chịu"),
        choices=[
            SelectChoice("cooperative", _l("Hợp tác xã chịu")),
            SelectChoice("producers", _l("Các hộ của lô đó cùng chịu")),
        ],
        default="cooperative",
    )
