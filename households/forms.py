"""Forms of a household's own pages, and the questions about a person that other parts' forms share."""

from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from accounts.forms import PhoneField
from core.forms import Form, KeyField
from core.i18n import N_, _l
from households import reference
from households.operations import PersonFacts
from households.rules import Relation, Sex
from places.forms import AddressForm

SEX_TEXT = {Sex.FEMALE: N_("Nữ"), Sex.MALE: N_("Nam")}
RELATION_TEXT = {
    Relation.HEAD: N_("Chủ hộ"),
    Relation.SPOUSE: N_("Vợ hoặc chồng"),
    Relation.CHILD: N_("Con"),
    Relation.PARENT: N_("Cha hoặc mẹ"),
    Relation.OTHER: N_("Người khác trong nhà"),
}


def ethnic_choices() -> list[SelectChoice]:
    """Groups for a select, those of the northern mountains not favoured: the list's own order; first, no answer."""
    return [
        SelectChoice("", _l("Chưa nói")),
        *[SelectChoice(one.code, one.name) for one in reference.ethnic_groups()],
    ]


class PersonQuestions(Form):
    """What is asked of a person. Every question but the name may stay unanswered."""

    name = StringField(
        _l("Họ và tên"), [InputRequired(_l("Viết họ và tên, ví dụ Lý Thị Mẫu.")), Length(max=120)]
    )
    sex = RadioField(
        _l("Nam hay nữ"),
        choices=[
            *[SelectChoice(sex.value, _l(SEX_TEXT[sex])) for sex in Sex],
            SelectChoice("", _l("Chưa nói")),
        ],
        default="",
    )
    birth_year = IntegerField(_l("Năm sinh"), [Optional()], description=_l("Không nhớ thì để trống."))
    ethnic_code = SelectField(_l("Dân tộc"), choices=ethnic_choices, default="")
    phone = PhoneField(_l("Số điện thoại"), [Optional()], description=_l("Không có thì để trống."))

    def facts(self, relation: Relation, user_id: int | None = None) -> PersonFacts:
        """The answers as facts to record."""
        return PersonFacts(
            name=self.name.data or "",
            relation=relation,
            birth_year=self.birth_year.data,
            sex=Sex(self.sex.data) if self.sex.data else None,
            ethnic_code=self.ethnic_code.data or None,
            phone=self.phone.data or "",
            user_id=user_id,
        )


class AddPersonForm(PersonQuestions):
    """One more person of one's own household."""

    key = KeyField()
    relation = SelectField(
        _l("Là gì trong nhà"),
        choices=[
            SelectChoice(relation.value, _l(RELATION_TEXT[relation]))
            for relation in Relation
            if relation is not Relation.HEAD
        ],
    )


class OwnHouseholdForm(AddressForm, PersonQuestions):
    """One's own household, the first time."""

    ORDER = ("village", "place", "commune_id")
    key = KeyField()
    village = StringField(
        _l("Thôn, bản hoặc tổ"),
        [InputRequired(_l("Viết thôn, bản hoặc tổ, ví dụ Thôn Chè Cọ.")), Length(max=120)],
    )


class PlainForm(Form):
    """A button with a token and nothing else."""
