"""The usual reports of a round, as data: a unit, what is inside it, and every number beside its denominator."""

from typing import Any

from core.errors import Invalid, NotFound
from core.i18n import N_
from places.queries import commune_by_code, provinces
from registry.figures.places import communes_in
from registry.figures.queries import Round, choices, country, of_unit, round_years, scope_of
from registry.figures.rules import CAUSES, CLASSES, SPLITS, Basis, Movement
from registry.needs.kinds import NeedKind
from registry.reports.needs import SAID, needs_in
from registry.rules import HouseholdClass

COUNTRY = "vn"
SINGLE = {
    "poor": f"class/{HouseholdClass.POOR}",
    "near-poor": f"class/{HouseholdClass.NEAR_POOR}",
    "escaped": f"change/{Movement.ESCAPED}",
    "new": f"change/{Movement.NEW}",
    "relapsed": f"change/{Movement.RELAPSED}",
}
NAMES = ("classes", *SINGLE, "deprivations", "causes", "groups", "needs")
OF = {Basis.RECOGNISED: "recognised classes", Basis.DECLARED: "declarations, not recognised classes"}


def report(
    name: str, unit_code: str, year: int, basis: Basis | None = None, standard_id: str = ""
) -> dict[str, Any]:
    """A report of a round: the unit and what is inside it (a country by province and commune, a commune by village).

    name: one of NAMES. unit_code: a province's, a commune's, or 'vn'. basis: by default what was recognised, where
    anything was, else what was declared. Raises NotFound, Invalid.
    """
    if name not in NAMES:
        raise Invalid(N_("Không có báo cáo này."), remedy=N_("Chọn trong danh sách."))
    seen = seen_of(unit_of(unit_code), year, basis, standard_id)
    said = {
        "report": name,
        "of": OF[seen.basis],
        "basis": str(seen.basis),
        "standard": seen.standard.id,
        "demo": seen.is_demo,
        "round": year,
    }
    top, names = needs_in(unit_of(unit_code), year) if name == "needs" else (seen.top, seen.names)
    top.name = unit_code
    return said | top.spoken(words_of_report(name, seen), names)


def words_of_report(name: str, seen: Round) -> dict[str, str]:
    """What a report counts: word → how it is called in JSON."""
    if name in SINGLE:
        return {SINGLE[name]: SINGLE[name].split("/")[1]}
    if name == "classes":
        return {f"class/{one}": one for one in CLASSES}
    if name == "deprivations":
        return {f"lack/{one.code}/yes": one.code for one in seen.standard.indicators}
    if name == "causes":
        poor = (HouseholdClass.POOR, HouseholdClass.NEAR_POOR)
        return {f"cause/{code}/{one}": f"{code}/{one}" for code in CAUSES for one in poor}
    if name == "needs":
        return {f"need/{kind}/{said}": f"{kind}/{said}" for kind in NeedKind for said in SAID}
    peoples = sorted({word for word in seen.top.counts if word.startswith("people/")})
    splits = [
        f"{split}/{group}/{one}" for split, groups in SPLITS.items() for group in groups for one in CLASSES
    ]
    return {word: word for word in (*splits, *peoples)}


def seen_of(unit_id: int | None, year: int, basis: Basis | None = None, standard_id: str = "") -> Round:
    """A round of a unit, None for the country; see `report`."""
    if basis is None:
        has = (
            choices(year, communes_in(unit_id))
            if unit_id is not None
            else {one: list[str]() for one in Basis if year in round_years(one)}
        )
        basis = Basis.RECOGNISED if Basis.RECOGNISED in has else Basis.DECLARED
    scope = scope_of(year, basis, standard_id)
    return country(scope) if unit_id is None else of_unit(scope, unit_id)


def unit_of(code: str) -> int | None:
    """The unit of a code; None for the whole country. Raises NotFound."""
    if code == COUNTRY:
        return None
    for one in provinces():
        if one.code == code:
            return one.id
    try:
        return commune_by_code(code).id
    except NotFound:
        raise NotFound(
            N_("Không có tỉnh, xã mang mã này."), remedy=N_("Dùng mã của cơ quan thống kê.")
        ) from None
