"""The interface language: Vietnamese, unless the address says `?hl=en`. No cookie decides it.

Message ids are Vietnamese. English is read from `translations/en/*.po`, one file a part, at start. Scan pages speak
Japanese as well (`?hl=ja`, `translations/ja/`); everywhere else that address means English.
"""

from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from app import made
from config import ROOT
from core.i18n import LANGUAGES, SCAN_LANGUAGES, language

TRANSLATIONS = ROOT / "translations"


class Catalogue(NullTranslations):
    """Messages held in a dictionary: (context, id) → text, or a tuple of singular and plural."""

    def __init__(self, messages: dict[tuple[str | None, str], str | tuple[str, ...]]) -> None:
        super().__init__()
        self.messages = messages

    def ugettext(self, message: str) -> str:
        found = self.messages.get((None, message), message)
        return found if isinstance(found, str) else found[0]

    def ungettext(self, singular: str, plural: str, n: int) -> str:
        found = self.messages.get((None, singular))
        if found is None:
            return singular if n == 1 else plural
        return found if isinstance(found, str) else found[0 if n == 1 else -1]

    def upgettext(self, context: str, message: str) -> str:
        found = self.messages.get((context, message), message)
        return found if isinstance(found, str) else found[0]

    gettext, pgettext = ugettext, upgettext

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.ungettext(msgid1, msgid2, n)


@cache
def english() -> Catalogue:
    """All parts' English."""
    return _read("en")


@cache
def japanese() -> Catalogue:
    """The scan page's Japanese; what it lacks is English. A test holds that its own texts lack nothing."""
    return Catalogue(english().messages | _read("ja").messages)


def catalogue(code: str) -> Catalogue:
    """The texts of a language."""
    return VIETNAMESE if code == "vi" else japanese() if code == "ja" else english()


def _read(code: str) -> Catalogue:
    return Catalogue(made.kept(f"texts {code}", lambda: _messages(code)))


def _messages(code: str) -> dict[tuple[str | None, str], str | tuple[str, ...]]:
    messages: dict[tuple[str | None, str], str | tuple[str, ...]] = {}
    for path in sorted((TRANSLATIONS / code).glob("*.po")):
        with path.open(encoding="utf-8") as lines:
            for message in read_po(lines, locale=code):
                key = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else tuple(message.string or ())
                if key and text and all(text):
                    messages[(message.context, key)] = text
    return messages


VIETNAMESE = Catalogue({})


class OwnDomain(Domain):
    """Flask-Babel's domain, reading our catalogues instead of compiled files."""

    def get_translations(self) -> Any:
        locale = get_locale()
        return catalogue(locale.language) if locale is not None else VIETNAMESE

    def get_translations_path(self) -> Path:
        return TRANSLATIONS


LOCALES = {name: Locale.parse(name) for name in SCAN_LANGUAGES}


def _locale() -> Any:
    """The same as Flask-Babel takes it: parsed once, not at every request."""
    return LOCALES[choose()]


def choose() -> str:
    """The language of this request."""
    asked = request.args.get("hl", "vi") if has_request_context() else "vi"
    if asked == "ja":
        return "ja" if request.blueprint == "scan" else "en"
    return asked if asked in LANGUAGES else "vi"


def say(message: str, **parts: Any) -> Markup:
    """`_` of the templates: the message in the reader's language, its parts escaped unless they are marked up."""
    return Markup(message if (code := language()) == "vi" else catalogue(code).ugettext(message)) % parts


def init(app: Flask) -> None:
    """Attach languages, and keep `hl` in every link while it is not Vietnamese."""
    Babel(app, locale_selector=_locale).domain_instance = OwnDomain()

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: text if (code := language()) == "vi" else catalogue(code).ugettext(text),
        ngettext=lambda one, many, n: catalogue(language()).ungettext(one, many, n),
        pgettext=lambda context, text: catalogue(language()).upgettext(context, text),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = say

    @app.url_defaults
    def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" and has_request_context() and choose() != "vi":
            code = choose()
            values.setdefault("hl", code if code in LANGUAGES or endpoint.startswith("scan.") else "en")
