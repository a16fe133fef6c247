"""Forms of the roster: one for each thing that may happen."""

from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import Form, KeyField
from core.i18n import N_, _l
from households.forms import RELATION_TEXT, PersonQuestions
from households.roster.rules import Kind
from households.rules import Relation

KIND_TEXT: dict[str, str] = {
    Kind.BIRTH: N_("Sinh con"),
    Kind.ARRIVAL: N_("Từ nơi khác đến"),
    Kind.DEATH: N_("Qua đời"),
    Kind.DEPARTURE: N_("Đi nơi khác"),
    Kind.MOVE: N_("Chuyển hộ"),
    Kind.MARRIAGE: N_("Cưới, về hộ vợ hoặc chồng"),
    Kind.RELATION: N_("Đổi chủ hộ"),
    Kind.SPLIT: N_("Tách hộ"),
    Kind.MERGE: N_("Nhập hộ"),
    Kind.SAME_PERSON: N_("Gộp hai bản ghi một người"),
    Kind.PAPERS: N_("Giấy tờ"),
}


def _relations(*, head: bool = True) -> list[SelectChoice]:
    return [
        SelectChoice(one.value, _l(RELATION_TEXT[one]))
        for one in Relation
        if head or one is not Relation.HEAD
    ]


class TicksField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EventForm(Form):
    """What every event asks: the day, and a note."""

    key = KeyField()
    on = DateField(_l("Ngày"), [InputRequired(_l("Chọn ngày."))])
    note = StringField(_l("Ghi thêm"), [Optional(), Length(max=200)])


class NewcomerForm(PersonQuestions, EventForm):
    """A birth or an arrival: the person, and what she is in the household."""

    relation = SelectField(_l("Là gì trong nhà"), choices=_relations, default="child")
    parents = TicksField(_l("Con của ai trong hộ"), validate_choice=False)


class OneForm(EventForm):
    """An event of one member."""

    person = SelectField(_l("Ai"), coerce=int)


class PapersForm(OneForm):
    """Whether somebody has identity papers."""

    papers = RadioField(
        _l("Có giấy tờ tuỳ thân không"),
        [InputRequired(_l("Chọn có hoặc chưa có."))],
        choices=[SelectChoice("some", _l("Có giấy tờ")), SelectChoice("none", _l("Chưa có giấy tờ"))],
    )


class MoveForm(OneForm):
    """To which household of the unit, and as what."""

    household = SelectField(_l("Đến hộ nào"))
    relation = SelectField(_l("Là gì trong nhà"), choices=_relations, default="other")


class MarriageForm(MoveForm):
    """Whom she or he marries, by name, in the household they will live in."""

    spouse = StringField(
        _l("Cưới ai"), [InputRequired(_l("Viết họ tên vợ hoặc chồng, như trong sổ."))],
        description=_l("Người này phải có trong hộ đã chọn."),
    )  # fmt: skip
    relation = SelectField(_l("Là gì trong nhà"), choices=_relations, default="spouse")


class SplitForm(EventForm):
    """Who goes, and who will be head."""

    people = TicksField(_l("Ai tách ra"), coerce=int)
    head = SelectField(_l("Ai làm chủ hộ mới"), coerce=int)


class MergeForm(EventForm):
    """Which household comes in."""

    household = SelectField(_l("Hộ nào nhập vào hộ này"))


class UndoForm(Form):
    """Take a deed back."""

    key = KeyField()


class SamePersonForm(Form):
    """Which of two records is kept."""

    key = KeyField()
    keep = SelectField(_l("Giữ bản ghi nào"), coerce=int, validate_choice=False)
    double = SelectField(_l("Bản ghi trùng"), coerce=int, validate_choice=False)
