"""Languages. Message ids are Vietnamese; English stands in `translations/en/<part>.po`.

`N_` marks a text for extraction where it is written, without translating it (rules and errors); `_` translates
where it is shown. Missing English is a failing test, never an empty page.
"""

from typing import Any

from flask.globals import _cv_app
from flask_babel import get_locale, ngettext, pgettext
from flask_babel import gettext as _in_catalogue
from flask_babel import lazy_gettext as _l

__all__ = ["LANGUAGES", "N_", "SCAN_LANGUAGES", "_", "_l", "language", "ngettext", "pgettext"]

LANGUAGES = ("vi", "en")
SCAN_LANGUAGES = (*LANGUAGES, "ja")  # goods are exported: what a pack's code opens speaks Japanese as well


def N_(message: str) -> str:
    """Mark a message for extraction and return it unchanged."""
    return message


def language() -> str:
    """The interface language of this request: 'vi' unless the address says `?hl=en`, or `?hl=ja` on a scan page.

    A page asks some hundred times, so the locale that Flask-Babel found is read where it keeps it.
    """
    context = _cv_app.get(None)
    if context is None:
        return "vi"
    found = context.g.__dict__.get("_flask_babel")
    locale = getattr(found, "babel_locale", None) or get_locale()
    return locale.language if locale is not None else "vi"


def _(message: str, **params: Any) -> str:
    """A message in the reader's language. Vietnamese is the message itself, without any look-up."""
    if language() == "vi":
        return message % params if params else message
    return str(_in_catalogue(message, **params))
