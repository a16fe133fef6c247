"""Forms of the book of events: which steps to show, what was wrong, a reading, a paper."""

from wtforms import DateTimeLocalField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from core.forms import Form, KeyField
from core.i18n import _l
from traceability.epcis.journal.words import READINGS, REASONS
from traceability.forms import choices


class WrongForm(Form):
    """An event was an error; the right one, where it stands in the book already."""

    key = KeyField()
    reason = RadioField(_l("Sai thế nào?"), [InputRequired(_l("Chọn sai chỗ nào."))],
                        choices=choices((name, _l(text)) for name, text in REASONS.items()))  # fmt: skip
    corrected_by = SelectField(_l("Việc nào mới đúng?"), [Optional()])


class ReadingForm(Form):
    """A thermometer or a hygrometer was read."""

    key = KeyField()
    kind = RadioField(_l("Đo gì?"), [InputRequired(_l("Chọn đo gì."))],
                      choices=choices((name, _l(text)) for name, text in READINGS.items()))  # fmt: skip
    value = IntegerField(_l("Số đo"), [InputRequired(_l("Viết số trên máy đo."))])
    at = DateTimeLocalField(_l("Đo lúc"), [InputRequired(_l("Chọn ngày giờ đo."))])


class PaperForm(Form):
    """A certificate that covers the goods."""

    key = KeyField()
    paper = RadioField(_l("Giấy nào?"), [InputRequired(_l("Chọn một giấy."))])
