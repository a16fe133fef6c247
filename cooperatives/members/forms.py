"""Forms of producers."""

from typing import Any

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from cooperatives.rules import StandingKind
from core.forms import Form, KeyField
from core.i18n import N_, _, _l
from households.forms import RELATION_TEXT, PersonQuestions
from households.rules import Relation
from places.forms import AddressForm

STANDING_TEXT = {StandingKind.MEMBER: N_("Thành viên"), StandingKind.LINKED: N_("Hộ liên kết")}
STANDING_HINT = {
    StandingKind.MEMBER: N_("Có góp vốn, có phiếu bầu"),
    StandingKind.LINKED: N_("Giao hàng, không góp vốn"),
}
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


def _relations() -> list[SelectChoice]:
    """What somebody who is not the head may be in a household."""
    return [
        SelectChoice(one.value, _l(text)) for one, text in RELATION_TEXT.items() if one is not Relation.HEAD
    ]


class ProducerForm(AddressForm, PersonQuestions):
    """A new supplier: a person with her household, or a household as a whole."""

    ORDER = (
        "standing",
        "name",
        "sex",
        "birth_year",
        "ethnic_code",
        "phone",
        "whole",
        "village",
        "place",
        "commune_id",
    )
    key = KeyField()
    village = StringField(
        _l("Thôn, bản hoặc tổ"),
        [InputRequired(_l("Viết thôn, bản hoặc tổ, ví dụ Thôn Chè Cọ.")), Length(max=120)],
    )
    whole = RadioField(
        _l("Ghi tên ai trên phiếu cân"),
        choices=[SelectChoice("person", _l("Người này")), SelectChoice("household", _l("Cả hộ"))],
        default="person",
    )
    standing = RadioField(
        _l("Tư cách"),
        [InputRequired(_l("Chọn một mục."))],
        choices=[SelectChoice(kind.value, _l(STANDING_TEXT[kind])) for kind in StandingKind],
    )
    from_on = DateField(_l("Từ ngày"), [Optional()], format=DAYS, description=_l("Để trống là hôm nay."))
    namesake = BooleanField(_l("Là người khác, trùng tên"))


class HousemateForm(PersonQuestions):
    """One more person of a producer's household."""

    key = KeyField()
    relation = SelectField(_l("Là gì trong nhà"), choices=_relations, default=Relation.SPOUSE)
    standing = RadioField(
        _l("Người này có giao hàng đứng tên mình không"),
        [InputRequired(_l("Chọn một mục."))],
        choices=[
            *[SelectChoice(kind.value, _l(STANDING_TEXT[kind])) for kind in StandingKind],
            SelectChoice("none", _l("Không, chỉ là người trong nhà")),
        ],
    )


class MoveForm(AddressForm):
    """Another household for a producer, known or new."""

    ORDER = ("to", "relation", "village", "place", "commune_id")
    NEW = "new"
    key = KeyField()
    to = SelectField(_l("Chuyển về nhà nào"), [InputRequired(_l("Chọn một nhà, hoặc chọn nhà mới."))])
    relation = SelectField(
        _l("Là gì trong nhà đó"),
        choices=_relations,
        default=Relation.OTHER,
        description=_l("Nhà mới thì người này là chủ hộ."),
    )
    village = StringField(_l("Thôn, bản hoặc tổ của nhà mới"), [Length(max=120)])
    on = DateField(
        _l("Ở nhà mới từ ngày"),
        [InputRequired(_l("Chọn một ngày."))],
        format=DAYS,
        description=_l("Phiếu cân trước ngày này vẫn thuộc nhà cũ."),
    )

    def offer(self, homes: dict[int, str]) -> None:
        """Fill the choices."""
        known = [SelectChoice(str(home), text) for home, text in homes.items()]
        self.to.choices = [SelectChoice("", _("Chọn nhà")), SelectChoice(self.NEW, _("Nhà mới")), *known]


class StandingForm(Form):
    """Another standing from a day, or none."""

    standing = RadioField(
        _l("Tư cách mới"),
        [InputRequired(_l("Chọn một mục."))],
        choices=[
            *[SelectChoice(kind.value, _l(STANDING_TEXT[kind])) for kind in StandingKind],
            SelectChoice("none", _l("Thôi giao hàng")),
        ],
    )
    from_on = DateField(_l("Từ ngày"), [InputRequired(_l("Chọn một ngày."))], format=DAYS)


class ConsentForm(Form):
    """A producer's agreement, read out to her by the person who types."""

    read_out = BooleanField(_l("Tôi đã đọc hết cho người này nghe"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Without having read it out there is no agreement."""
        fine = bool(super().validate(extra_validators))
        if not self.read_out.data:
            self.read_out.errors = [_("Đọc hết cho người này nghe, rồi đánh dấu vào ô.")]
        return fine and bool(self.read_out.data)
