"""Which purpose each route serves, from the part that it belongs to: what `core.fences` tells the database.

A route of the registry that anybody may open reads what hangs on the wall, and nothing else. Every route that is not
named here serves the shop.
"""

from flask import Flask

from core.fences import mark_purposes
from registry import fences

assert fences  # tables made from the metadata get their fences with them

COUNTING = ("registry.figures", "registry.published", "registry.standards", "registry.trial")
KEEPING = ("registry", "households")


def purpose_of(module: str, kind: str) -> str | None:
    """The purpose of a view by its module and its guard's kind; None for the shop.

    >>> purpose_of("registry.figures.views", "roles"), purpose_of("registry.procedure.views", "public")
    ('figures', 'posting')
    >>> purpose_of("households.roster.views", "roles"), purpose_of("orders.views", "signed_in")
    ('registry', None)
    """
    if module.startswith(COUNTING):
        return "figures"
    if module.partition(".")[0] not in KEEPING:
        return None
    return "posting" if kind in ("public", "visitor") else "registry"


def init(app: Flask) -> None:
    """Say it for every route there is."""
    found = {
        endpoint: purpose_of(view.__module__, getattr(getattr(view, "access", None), "kind", ""))
        for endpoint, view in app.view_functions.items()
    }
    with app.app_context():
        mark_purposes({endpoint: purpose for endpoint, purpose in found.items() if purpose is not None})
