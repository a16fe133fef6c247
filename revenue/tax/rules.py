"""Withholding as arithmetic over dated rows. No figure of the law stands in code: rows come from `data/*.json`. Pure.

What is withheld is counted over the whole calendar year: tax on what a seller has turned over up to and with this sale,
less tax on what she had before it. So the parts of a year always add up to the tax on its sum, whatever the steps, and
a sale that crosses a threshold is taxed for what lies above it alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.money import share_bp

READ, SECOND_HAND, UNVERIFIED = "read", "second_hand", "unverified"
STATES = (READ, SECOND_HAND, UNVERIFIED)


@dataclass(frozen=True)
class Levy:
    """One tax of a rule. rate_bp: of what the seller turned over above `exempt_vnd` in the calendar year."""

    tax: str
    rate_bp: int
    exempt_vnd: int = 0


@dataclass(frozen=True)
class Rule:
    """A dated row: for what is sold from one day to another. state: whether its source was read (see STATES).

    note: what is not certain about it, for people.
    """

    id: str
    activity: str
    from_on: date
    to_on: date | None
    levies: tuple[Levy, ...]
    source: str
    state: str
    note: str = ""


def parse(rows: Iterable[Mapping[str, object]]) -> tuple[Rule, ...]:
    """The rows of a data file. Raises ValueError naming the first that is wrong."""
    rules = []
    for row in rows:
        try:
            rules.append(_rule(row))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"tax rule {row.get('id', '?')}: {error!r}") from error
    for one in rules:
        for other in rules:
            if one.id != other.id and one.activity == other.activity and _overlap(one, other):
                raise ValueError(f"tax rules {one.id} and {other.id} hold on the same day")
    return tuple(rules)


def _rule(row: Mapping[str, object]) -> Rule:
    if row["state"] not in STATES or not row["source"]:
        raise ValueError("it says neither where it comes from nor whether that was read")
    to_on = row.get("to_on")
    levies = []
    for one in row["levies"]:  # type: ignore[attr-defined]
        rate, exempt = int(one["rate_bp"]), int(one.get("exempt_vnd", 0))
        if not (0 <= rate <= 10_000 and exempt >= 0):
            raise ValueError("a rate or an exempt sum out of range")
        levies.append(Levy(str(one["tax"]), rate, exempt))
    return Rule(
        str(row["id"]), str(row["activity"]), date.fromisoformat(str(row["from_on"])),
        date.fromisoformat(str(to_on)) if to_on else None, tuple(levies), str(row["source"]), str(row["state"]),
        str(row.get("note", "")),
    )  # fmt: skip


def _overlap(one: Rule, other: Rule) -> bool:
    return (other.to_on is None or one.from_on <= other.to_on) and (
        one.to_on is None or other.from_on <= one.to_on
    )


def rule_on(rules: Iterable[Rule], activity: str, on: date) -> Rule | None:
    """The row for an activity on a day (both ends included); None where no row holds."""
    return next(
        (
            one
            for one in rules
            if one.activity == activity and one.from_on <= on and (one.to_on is None or on <= one.to_on)
        ),
        None,
    )


def due(turnover_vnd: int, rule: Rule) -> dict[str, int]:
    """Tax on what one seller turned over in a calendar year, by tax, rounded down to the đồng.

    >>> rule = Rule("x", "goods", date.min, None, (Levy("vat", 100), Levy("pit", 50, 1_000_000)), "s", "unverified")
    >>> due(1_200_000, rule)
    {'vat': 12000, 'pit': 1000}
    """
    return {one.tax: share_bp(max(0, turnover_vnd - one.exempt_vnd), one.rate_bp) for one in rule.levies}


def withheld(before_vnd: int, amount_vnd: int, rule: Rule) -> dict[str, int]:
    """What is kept back of a share by one who turned over so much this year before it; never negative."""
    after, had = due(before_vnd + amount_vnd, rule), due(before_vnd, rule)
    return {tax: after[tax] - had[tax] for tax in after if after[tax] > had[tax]}


def seller(household_id: int | None, producer_id: int) -> str:
    """Who sells, for the threshold: the household of the slip's day; a person alone where she lives in none we know.

    >>> seller(7, 12), seller(None, 12)
    ('household:7', 'producer:12')
    """
    return f"household:{household_id}" if household_id else f"producer:{producer_id}"


def posting_rule(rule_id: str, tax: str) -> str:
    """What a posting of withheld tax names as its rule."""
    return f"tax:{rule_id}:{tax}"


FIELDS = (
    "name", "turnover_vnd", "exempt.pit", "exempt.vat", "kept.vat", "kept.pit", "due.vat", "due.pit", "differs_vnd",
    "kept_vnd", "rule_ids",
)  # what a layout may show of a seller's year  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """The columns of a paper between days: (heading, field of FIELDS). example: ours, no authority's form."""

    id: str
    kind: str
    from_on: date
    to_on: date | None
    columns: tuple[tuple[str, str], ...]
    source: str
    state: str
    example: bool


def parse_layouts(rows: Iterable[Mapping[str, object]]) -> tuple[Layout, ...]:
    """The layouts of a data file. Raises ValueError naming the first that is wrong."""
    found = []
    for row in rows:
        columns = tuple((str(one["heading"]), str(one["field"])) for one in row["columns"])  # type: ignore[attr-defined]
        if (
            row["state"] not in STATES
            or not row["source"]
            or any(field not in FIELDS for _head, field in columns)
        ):
            raise ValueError(f"layout {row.get('id', '?')}: a state, a source or a field that is not known")
        to_on = row.get("to_on")
        found.append(
            Layout(
                str(row["id"]), str(row["kind"]), date.fromisoformat(str(row["from_on"])),
                date.fromisoformat(str(to_on)) if to_on else None, columns, str(row["source"]), str(row["state"]),
                bool(row.get("example")),
            )
        )  # fmt: skip
    return tuple(found)


def layout_on(layouts: Iterable[Layout], kind: str, on: date) -> Layout | None:
    """The layout of a kind of paper on a day (both ends included); the later one where two hold."""
    held = [
        one
        for one in layouts
        if one.kind == kind and one.from_on <= on and (one.to_on is None or on <= one.to_on)
    ]
    return max(held, key=lambda one: one.from_on, default=None)
