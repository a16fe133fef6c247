"""What a collector's manager types to open a rail: one field for each of its settings."""

from functools import lru_cache
from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form
from core.i18n import _, _l, language
from payments.rails.rules import RAILS


def rail_form(rail: str, *, has_keys: bool = False) -> type[Form]:
    """The form of a rail, in the reader's language. Secrets are typed as passwords and never shown again.

    has_keys: they are there, so an empty one keeps what is there.
    """
    return _rail_form(rail, has_keys, language())


@lru_cache(maxsize=16)
def _rail_form(rail: str, has_keys: bool, _language: str) -> type[Form]:
    members: dict[str, Any] = {
        one.name: (PasswordField if one.secret else StringField)(
            _(one.label),
            [
                Optional() if one.optional or (one.secret and has_keys) else InputRequired(),
                Length(max=300),
            ],
        )
        for one in RAILS[rail].settings
    }
    members["enabled"] = BooleanField(_l("Cho khách chọn cách trả này"))
    return type("RailForm", (Form,), members)
