"""A report of a round as a file: a workbook, or paper."""

from core import clock
from core.errors import Invalid
from core.format import instant
from core.i18n import N_, _
from places.queries import unit
from registry.figures.rules import Basis
from registry.figures.sheets import compiled
from registry.figures.workbooks import workbook
from registry.reports.needs import needs_in
from registry.reports.queries import seen_of, unit_of


def written(
    name: str, unit_code: str, year: int, basis: Basis | None, standard_id: str, suffix: str
) -> bytes:
    """The file's bytes, stamped as made by the command. suffix: '.xlsx' or '.pdf'. Raises Invalid, NotFound."""
    if suffix not in (".xlsx", ".pdf"):
        raise Invalid(N_("Tệp phải là .xlsx hoặc .pdf."))
    unit_id = unit_of(unit_code)
    seen, (needs, _names) = seen_of(unit_id, year, basis, standard_id), needs_in(unit_id, year)
    place = unit(unit_id) if unit_id is not None else None
    where = f"{place.kind.lower()} {place.name}" if place else _("cả nước")
    stamp = _("Người tải: %(name)s, %(at)s", name="flask registry report", at=instant(clock.now()))
    made = compiled(seen, needs, where, stamp, only=name)
    if suffix == ".xlsx":
        return workbook(made)
    from registry.figures.papers import paper  # 30 MB that most runs never need

    return paper(made)
