"""Officers' figures: a commune by its villages, a province by its communes. Counts alone, never a household."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import transaction
from core.format import instant
from core.i18n import N_, _
from places.queries import unit
from registry.figures.queries import Round, of_unit, round_years
from registry.figures.rules import ABSENT, CLASSES
from registry.figures.words import class_name, indicator_name
from registry.figures.workbooks import named, splits, workbook

bp = Blueprint("figures", __name__)
READERS = (Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER)
LINKS = [Link("figures.round_", N_("Số liệu theo đợt"), "chart", roles=frozenset(READERS))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/registry/figures")
@roles(*READERS)
def round_() -> ResponseReturnValue:
    """A round in the officer's place: each place inside, what is lacking, groups, and what changed."""
    me, years = actor(), round_years()
    seen = _read(me, years, "look")
    inside = named(seen)
    return render_template(
        "registry/figures/round.html",
        seen=seen,
        years=years or [seen.year],
        place=unit(me.unit_id or 0),
        by_village=me.role is Role.COMMUNE_OFFICER,
        classes=CLASSES,
        class_name=class_name,
        inside=inside,
        lacks=_lacks(seen),
        splits=splits(seen.top),
        moves=_moves(seen) if seen.before else [],
    )


@bp.get("/registry/figures.xlsx")
@roles(*READERS)
def workbook_() -> ResponseReturnValue:
    """The usual reports of a round. Who took it and when stands on every sheet."""
    me = actor()
    seen = _read(me, round_years(), "export")
    place = unit(me.unit_id or 0)
    stamp = _("Người tải: %(name)s, %(at)s", name=me.name, at=instant(clock.now()))
    return Response(
        workbook(seen, f"{place.kind.lower()} {place.name}", stamp),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="so-lieu-{place.code}-{seen.year}.xlsx"'},
    )


def _read(me: Actor, years: list[int], why: str) -> Round:
    """The round asked for, else the newest; the reading is in the audit chain first."""
    asked = request.args.get("round", type=int)
    year = asked if asked in years else years[0] if years else clock.today().year
    with transaction():
        audit(me, "read figures", f"unit:{me.unit_id}", ("outcome",), f"{why} {year}")
    return of_unit(year, me.unit_id or 0)


def _lacks(seen: Round) -> list[tuple[str, int, int, int]]:
    """(name, households that lack it, of whom it could be judged, of whom not), most first."""
    counts, found = seen.top.counts, []
    for one in seen.standard.indicators:
        yes, no, unsaid = (counts[f"lack/{one.code}/{said}"] for said in ("yes", "no", "unknown"))
        found.append((indicator_name(one.code), yes, yes + no, unsaid))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _moves(seen: Round) -> list[tuple[str, list[int]]]:
    """Class in the round before → how many are in each class now."""
    rows: list[tuple[str, Any]] = []
    for was in (*CLASSES, ABSENT):
        counts = [seen.top.counts[f"move/{was}/{now}"] for now in CLASSES]
        rows.append((class_name(was), counts))
    return rows
