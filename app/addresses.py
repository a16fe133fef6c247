"""Addresses of pages, made ready when the first of them is written.

Werkzeug compiles two functions for each rule at start, to write its addresses with; templates write theirs by hand
(`link`), and a process comes to use a few dozen of a thousand.
"""

from collections.abc import Callable
from typing import Any

from werkzeug import routing

Written = tuple[str, str]  # host, path and query


class Rule(routing.Rule):
    """Werkzeug's, compiling what writes an address when it is first asked for."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Written]:
        compiled = super()._compile_builder

        def first(rule: "Rule", /, **values: Any) -> Written:
            build: Callable[..., Written] = compiled(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)

        return first
