"""What people send about voices."""

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from accounts.voices.reference import prompts
from accounts.voices.rules import LANGUAGES
from core.forms import Form
from core.i18n import _, _l


def capital(text: str) -> str:
    """A text with its first letter large, the rest as it is: "Tiếng M'Nông"."""
    return text[:1].upper() + text[1:]


class LanguageForm(Form):
    """What a person wants to hear."""

    language = RadioField(_l("Muốn nghe tiếng gì"))

    def offer(self) -> None:
        """Fill the choices."""
        self.language.choices = [
            ("", _("Chỉ cần chữ")),
            *((code, capital(_(name))) for code, name in LANGUAGES.items()),
        ]


class RecordingForm(Form):
    """A recording of one prompt."""

    prompt = SelectField(_l("Lời nhắc"), [InputRequired()])
    language = SelectField(_l("Tiếng"), [InputRequired()])
    sound = FileField(_l("Chọn bản ghi âm"))

    def offer(self) -> None:
        """Fill the choices."""
        self.prompt.choices = [(one.id, f"{_(one.place)}: {one.text[:60]}") for one in prompts().values()]
        self.language.choices = [(code, capital(_(name))) for code, name in LANGUAGES.items()]
