"""Officers' figures: a commune by its villages, a province by its communes. Counts alone, never a household."""

from collections.abc import Callable
from dataclasses import dataclass

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
from registry.figures.places import communes_in
from registry.figures.queries import Round, Scope, choices, glance, of_unit, round_years, scope_of
from registry.figures.rules import CAUSES, CLASSES, Basis
from registry.figures.sheets import Report, compiled, moves, named, splits
from registry.figures.words import BASIS_NAMES, class_name, indicator_name
from registry.figures.workbooks import workbook
from registry.published.maps import tiles
from registry.reports.needs import needs_in
from registry.rules import HouseholdClass
from registry.standards.queries import standards

bp = Blueprint("figures", __name__)
READERS = (Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER)
LINKS = [Link("figures.round_", N_("Số liệu theo đợt"), "chart", roles=frozenset(READERS))]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """A round as somebody asked for it, and what else could be asked."""

    seen: Round
    years: list[int]
    choices: dict[Basis, list[str]]


@bp.get("/registry/figures")
@roles(*READERS)
def round_() -> ResponseReturnValue:
    """A round in the officer's place: each place inside, what is lacking, groups, and what changed."""
    me = actor()
    asked = _read(me, "look", glance)
    seen, held = asked.seen, standards()
    inside = named(seen)
    return render_template(
        "registry/figures/round.html",
        seen=seen,
        years=asked.years or [seen.year],
        bases=[(one, BASIS_NAMES[one]) for one in asked.choices],
        under=[held[one] for one in asked.choices.get(seen.basis, []) if one in held],
        place=unit(me.unit_id or 0),
        by_village=me.role is Role.COMMUNE_OFFICER,
        classes=CLASSES,
        class_name=lambda code: class_name(code, seen.basis),
        inside=inside,
        tiles=tiles([(name, node.counts["class/poor"], node.households) for name, node in inside]),
        lacks=_lacks(seen),
        causes=_causes(seen),
        splits=splits(seen.top),
        moves=moves(seen),
    )


@bp.get("/registry/figures.xlsx")
@roles(*READERS)
def workbook_() -> ResponseReturnValue:
    """The usual reports of a round. Who took it and when stands on every sheet."""
    report, name = _report(actor())
    return _file(workbook(report), XLSX, f"{name}.xlsx")


@bp.get("/registry/figures.pdf")
@roles(*READERS)
def paper_() -> ResponseReturnValue:
    """The same on paper, who took it and when across every page."""
    from registry.figures.papers import paper  # 30 MB that most requests never need

    report, name = _report(actor())
    return _file(paper(report), "application/pdf", f"{name}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    said = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=kind, headers=said)


def _report(me: Actor) -> tuple[Report, str]:
    """The reports of the round asked for, and what their file is called."""
    seen, place = _read(me, "export", of_unit).seen, unit(me.unit_id or 0)
    stamp = _("Người tải: %(name)s, %(at)s", name=me.name, at=instant(clock.now()))
    needs, _names = needs_in(place.id, seen.year)
    made = compiled(seen, needs, f"{place.kind.lower()} {place.name}", stamp)
    return made, f"so-lieu-{place.code}-{seen.year}"


def _read(me: Actor, why: str, counted: Callable[[Scope, int, set[int]], Round]) -> Asked:
    """The round asked for, else the newest; recognised where anything is. The reading is in the audit chain first."""
    years, unit_id = round_years(), me.unit_id or 0
    asked = request.args.get("round", type=int)
    year = asked if asked in years else years[0] if years else clock.today().year
    communes = communes_in(unit_id)
    has = choices(year, communes)
    wanted = request.args.get("basis", "")
    basis = next((one for one in has if one == wanted), next(iter(has), Basis.DECLARED))
    standard = request.args.get("standard", "")
    scope = scope_of(
        year, basis, standard if standard in has.get(basis, []) else _usual(year, has.get(basis, []))
    )
    with transaction():
        audit(me, "read figures", f"unit:{unit_id}", ("outcome",), f"{why} {year} {basis}")
    return Asked(counted(scope, unit_id, communes), years, has)


def _usual(year: int, under: list[str]) -> str:
    """The standard of the round's last day, where it counted anybody; else the first that did."""
    usual = scope_of(year, Basis.DECLARED).standard_id
    return usual if usual in under or not under else under[0]


def _lacks(seen: Round) -> list[tuple[str, int, int, int]]:
    """(name, households that lack it, of whom it could be judged, of whom not), most first."""
    counts, found = seen.top.counts, []
    for one in seen.standard.indicators:
        yes, no, unsaid = (counts[f"lack/{one.code}/{said}"] for said in ("yes", "no", "unknown"))
        found.append((indicator_name(one.code), yes, yes + no, unsaid))
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _causes(seen: Round) -> list[tuple[str, int, int]]:
    """(cause, poor and near-poor households that have it, all of them), most first; none where form C said none."""
    suffering = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR)
    whole = sum(seen.top.counts[f"class/{one}"] for one in suffering)
    found = [
        (_(name), sum(seen.top.counts[f"cause/{code}/{one}"] for one in suffering), whole)
        for code, name in CAUSES.items()
    ]
    return sorted((row for row in found if row[1]), key=lambda row: (-row[1], row[0]))
