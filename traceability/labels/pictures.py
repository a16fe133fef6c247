"""The same label as a drawing in the page: no picture to fetch, no script, the letters as wide as the printer's."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from traceability.labels.composing import POINT_MM, Bar, Mark, Words


def svg(marks: Iterable[Mark], width_mm: float, height_mm: float, title: str) -> Markup:
    """A label as an inline SVG, its units millimetres. title: what a screen reader says instead of the drawing."""
    kept = list(marks)
    path = "".join(
        f"M{_n(one.x)} {_n(one.y)}h{_n(one.width)}v{_n(one.height)}h{_n(-one.width)}z"
        for one in kept
        if isinstance(one, Bar)
    )
    lines = "".join(_text(one) for one in kept if isinstance(one, Words))
    size = f'viewBox="0 0 {_n(width_mm)} {_n(height_mm)}" width="{round(width_mm * 5)}" height="{round(height_mm * 5)}"'
    return Markup(
        f'<svg class="label" {size} role="img" aria-label="{escape(title)}" font-family="Noto Sans, sans-serif">'
        f'<path fill="#fff" d="M0 0h{_n(width_mm)}v{_n(height_mm)}H0z"/>'
        f'<path fill="#000" shape-rendering="crispEdges" d="{path}"/><g fill="#000">{lines}</g></svg>'
    )


def _text(one: Words) -> str:
    bold = ' font-weight="bold"' if one.bold else ""
    return (
        f'<text x="{_n(one.x)}" y="{_n(one.y)}" font-size="{_n(one.points * POINT_MM)}"{bold}'
        f' textLength="{_n(one.width)}" lengthAdjust="spacingAndGlyphs">{escape(one.text)}</text>'
    )


def _n(value: float) -> str:
    """A number without needless digits: hundredths of a millimetre."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
