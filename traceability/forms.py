"""What the forms of traceability share: once-only deeds, choices of products, reads of the query string."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from wtforms.fields.choices import SelectChoice

from core.db import transaction
from core.forms import Form
from core.once import done_before, remember


class QueryForm(Form):
    """A form read from the query string: it changes nothing, so it carries no token."""

    class Meta(Form.Meta):
        csrf = False


def do_once(scope: str, form: Any, subject: str, verb: Callable[[], Any]) -> None:
    """Run a verb in a transaction of its own, unless this very form did so before: a double tap is one deed."""
    typed = {name: value for name, value in form.data.items() if name not in ("csrf_token", "key")}
    body = {"subject": subject} | typed
    with transaction():
        if done_before(scope, form.key.data, body) is None:
            verb()
            remember(scope, form.key.data, body, subject)


def choices(rows: Iterable[tuple[Any, str]], empty: str | None = None) -> list[SelectChoice]:
    """Select choices with text values, an empty one first where nothing needs to be chosen."""
    found = [SelectChoice(str(value), text) for value, text in rows]
    return found if empty is None else [SelectChoice("", empty), *found]


def whole(text: str | None) -> int | None:
    """A choice's id, None for the empty choice."""
    return int(text) if text else None


def day_of_query(text: str | None) -> date | None:
    """A day from a query string; anything else is no day."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
