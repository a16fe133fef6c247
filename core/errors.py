"""What went wrong, to which thing, and what to do next.

Every refusal a person may meet is a `DomainError`. Its texts are Vietnamese message ids with %(name)s places
for `params`; `app.errors` translates them into the reader's language and turns the class into a status code.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal that the reader can do something about.

    message: what happened. remedy: what to do next. field: the form field it belongs to, if one.
    """

    status = 422

    def __init__(self, message: str, *, remedy: str = "", field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message, self.remedy, self.field = message, remedy, field
        self.params: Mapping[str, object] = params

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip() % self.params


class Invalid(DomainError):
    """Bad input. Belongs beside the field that caused it."""


class NotAllowed(DomainError):
    """This person may not do this, in the role worn now."""

    status = 403


class NotFound(DomainError):
    """No such thing, or not one that this person may know of: the two are answered alike."""

    status = 404


class Conflict(DomainError):
    """The thing changed meanwhile, or the same key came with another body."""

    status = 409


class TooMany(DomainError):
    """A limit on attempts was reached; `retry_s` says how long to wait."""

    status = 429


class FormErrors(DomainError):
    """Several `Invalid` at once, so that a form can show all of them."""

    def __init__(self, errors: list[DomainError]) -> None:
        super().__init__(errors[0].message if errors else "")
        self.params, self.errors = errors[0].params if errors else {}, errors
