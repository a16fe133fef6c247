"""What is typed about statements on paper."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form, KeyField, VndField
from core.i18n import _l


class IssueForm(Form):
    """Give out a statement."""

    key = KeyField()


class EndForm(Form):
    """Why a paper is void or replaced."""

    key = KeyField()
    reason = StringField(_l("Vì sao?"), [InputRequired(_l("Ví dụ: in nhầm nhà.")), Length(max=200)])


class AskForm(Form):
    """An amount that a stranger reads on the paper."""

    amount_vnd = VndField(
        _l("Số tiền đọc thấy trên giấy"), [InputRequired(_l("Viết số tiền, ví dụ 500.000."))]
    )
