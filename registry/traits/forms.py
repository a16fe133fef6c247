"""The form of characteristics."""

from wtforms import RadioField

from catalog.forms import TicksField
from core.forms import Form
from core.i18n import _, _l
from registry.traits.rules import CAUSES, UNKNOWN

DISABILITY_WORDS = {"disabled": _l("Có"), "able": _l("Không"), UNKNOWN: _l("Chưa rõ")}


class TraitsForm(Form):
    """Why a household is poor, and whether anybody of it is disabled."""

    causes = TicksField(_l("Vì sao khó khăn"), validate_choice=False)
    disability = RadioField(_l("Trong hộ có người khuyết tật không"), default=UNKNOWN, validate_choice=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.causes.choices = [(code, _(name)) for code, name in CAUSES.items()]
        self.disability.choices = list(DISABILITY_WORDS.items())
