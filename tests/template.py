"""What the template database of the tests holds: reference data that no test should have to make."""

from importlib import import_module
from importlib.util import find_spec


def fill() -> None:
    """Ask every part's factory for its reference rows, floor first."""
    for part in ("places", "catalog", "registry"):
        if find_spec(f"tests.factories.{part}") is not None:
            seed = getattr(import_module(f"tests.factories.{part}"), "seed_reference", None)
            if seed is not None:
                seed()
