"""Public figures, the same for everybody, and the page on which an administrator publishes a round."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.menu import Link
from accounts.rules import Role
from core import clock, pages
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from places.outline.rules import drawing
from registry.figures.queries import round_years
from registry.figures.rules import CLASSES, Basis
from registry.figures.words import BASIS_NAMES, cell_name, class_name, table_name
from registry.forms import EmptyForm
from registry.published import maps, queries
from registry.published.operations import draft, publish
from registry.published.public import lacks
from registry.published.rules import BASE, DEPARTS, LEAST, MOVES

bp = Blueprint("published", __name__)
LINKS = [Link("published.desk", N_("Công bố số liệu"), "chart", roles=frozenset({Role.ADMINISTRATOR}))]
COLUMNS = {
    "round": N_("Đợt kê khai: năm"),
    "standard": N_("Chuẩn đã dùng để tính"),
    "basis": N_("declared: hộ tự kê khai; recognised: hộ đã được công nhận"),
    "demo": N_("yes: tính bằng điểm DEMO, không dùng để xét hộ"),
    "province_code": N_("Mã tỉnh của cơ quan thống kê; trống: cả nước"),
    "commune_code": N_("Mã xã của cơ quan thống kê; trống: cả tỉnh; có dấu chấm và năm: xã cũ đã tách"),
    "place": N_("Tên nơi; trống: cả nước"),
    "hidden": N_("yes: dòng này không công bố"),
    "households": N_("Số hộ trong số liệu: mẫu số của mọi số trong dòng"),
}


@bp.get("/figures")
@public
@pages.reads("round", "province")
def figures() -> ResponseReturnValue:
    """A published round: the country, its provinces, and the communes of one of them."""
    pages.depends("figures")
    every = queries.releases()
    if not every:
        return render_template("registry/published/none.html")
    release = _asked(every)
    code = request.args.get("province", "")[:10]
    provinces = queries.provinces_of(release, BASE)
    province = next((one for one in provinces if one.province_code == code), None) if code else None
    if code and province is None:
        raise NotFound(N_("Không có tỉnh này trong số liệu."), remedy=N_("Chọn trong danh sách."))
    lines = queries.country_lines(release)
    inside = queries.rows_of(release, BASE, code)[1:] if province else provinces[1:]
    basis = Basis(release.basis)
    return render_template(
        "registry/published/figures.html",
        release=release,
        releases=every,
        province=province,
        whole=province or lines[BASE.name],
        inside=inside,
        dots=maps.dots(queries.shares(inside)) if not province else (),
        tiles=maps.tiles(share[1:] for share in queries.shares(inside)) if province else None,
        drawing=drawing(),
        classes=CLASSES,
        class_name=lambda one: class_name(one, basis),
        lacks=lacks(release, code),
        sheets=[(name, table_name(name)) for name in queries.tables_of(release) if name in lines],
        departs=_departs(release, code),
        moves=lines.get(MOVES.name),
        least=LEAST,
    )


@bp.get("/figures/<int:year>/<name>.csv")
@public
def table_csv(year: int, name: str) -> ResponseReturnValue:
    """A table of a round as CSV, every place in it; hidden rows are there and say so."""
    release = queries.release_of(year)
    if release is None:
        raise NotFound(N_("Đợt này chưa công bố."))
    table = queries.table_of(release, name)
    demo = "yes" if release.is_demo else "no"
    lines: list[Sequence[str | int]] = [[*COLUMNS, *table.cells]]
    for row in queries.rows_of(release, table):
        where = (row.province_code, row.commune_code, row.name)
        numbers = [row.counts[cell] for cell in table.cells] if row.counts else [""] * len(table.cells)
        hidden = "no" if row.counts else "yes"
        shown = "" if row.households is None else row.households
        lines.append([year, release.standard_id, release.basis, demo, *where, hidden, shown, *numbers])
    return _csv(lines, f"cho-phien-{year}-{name}", release)


@bp.get("/figures/<int:year>/dictionary.csv")
@public
def dictionary(year: int) -> ResponseReturnValue:
    """What every column of a round's tables means."""
    release = queries.release_of(year)
    if release is None:
        raise NotFound(N_("Đợt này chưa công bố."))
    lines: list[Sequence[str | int]] = [["table", "column", "meaning"]]
    lines += [["*", column, _(meaning)] for column, meaning in COLUMNS.items()]
    for name, table in queries.tables_of(release).items():
        lines += [
            [name, cell, f"{table_name(name)}: {cell_name(cell, Basis(release.basis))}"]
            for cell in table.cells
        ]
    return _csv(lines, f"cho-phien-{year}-dictionary", release)


def _csv(lines: Iterable[Sequence[str | int]], name: str, release: queries.Release) -> Response:
    """A file that never changes again: whoever has it need only ask whether it is still the one of this hash."""
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    answer = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.set_etag(f"{release.hash[:24]}-{name}")
    answer.make_conditional(request)
    return answer


def _asked(every: Sequence[queries.Release]) -> queries.Release:
    """The round asked for, else the newest. Raises NotFound for one that is not out."""
    year = request.args.get("round", type=int)
    found = next((one for one in every if one.year == year), None) if year is not None else every[0]
    if found is None:
        raise NotFound(N_("Đợt này chưa công bố."))
    return found


def _departs(release: queries.Release, code: str) -> tuple[int, int] | None:
    """(classes that depart from the score, of how many recognised) of the country or a province; None where hidden."""
    row = next(iter(queries.rows_of(release, DEPARTS, code)), None)
    if row is None or row.counts is None:
        return None
    yes, no, _rest = row.counts.values()
    return (yes, yes + no) if yes + no else None


@bp.get("/registry/published")
@roles(Role.ADMINISTRATOR)
def desk() -> ResponseReturnValue:
    """Which rounds are out, and what publishing another would show and hide. Only counts of rows, no figures."""
    out = {one.year: one for one in queries.releases()}
    waiting = [
        draft(year, basis)
        for year in round_years()
        if year not in out
        for basis in reversed(Basis)
        if year in round_years(basis)
    ]
    return render_template(
        "registry/published/desk.html",
        releases=list(out.values()),
        waiting=waiting,
        basis_names=BASIS_NAMES,
        form=EmptyForm(),
        least=LEAST,
        this_year=clock.today().year,
    )


@bp.post("/registry/published/<int:year>")
@roles(Role.ADMINISTRATOR)
def send(year: int) -> ResponseReturnValue:
    """Publish a round."""
    form = EmptyForm()
    if form.validate_on_submit():
        asked = request.form.get("basis", "")
        made = draft(year, Basis(asked) if asked in list(Basis) else Basis.DECLARED)
        with transaction():
            publish(actor(), made)
        flash(_("Đã công bố đợt %(year)s.", year=year))
    return redirect(url_for(".desk"))
