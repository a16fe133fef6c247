"""Languages. Message ids are Vietnamese; English stands in `translations/en/<part>.po`.

`N_` marks a text for extraction where it is written, without translating it (rules and errors); `_` translates
where it is shown. Missing English is a failing test, never an empty page.
"""

from flask_babel import get_locale, gettext, ngettext, pgettext
from flask_babel import lazy_gettext as _l

__all__ = ["LANGUAGES", "N_", "_", "_l", "language", "ngettext", "pgettext"]

LANGUAGES = ("vi", "en")
_ = gettext


def N_(message: str) -> str:
    """Mark a message for extraction and return it unchanged."""
    return message


def language() -> str:
    """The interface language of this request: 'vi' unless the address says `?hl=en`."""
    locale = get_locale()
    return locale.language if locale is not None else "vi"
