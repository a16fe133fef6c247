"""Row-level security of PostgreSQL: the second fence around what households said and what was found of them.

The first is the application's own (`queries` of each part). This one answers by what the transaction said of itself
(`core.fences`): purpose of the route, the person, the role worn, the place. It is there for the day on which a query
forgets its WHERE. The owner of the tables is not bound by it: migrations, backups, the worker and commands see
everything. A web process must therefore come in by another login, which owns nothing (`web_login`). ADR 49.

Purposes: `shop` opens nothing of the registry; `registry` (a household's and an officer's pages) rows of the own
household, of one that is helped, and of the officer's place; `figures` sent declarations of the place, to read;
`posting` what hangs on a wall today and whether a certificate is genuine. Nothing said: nothing opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, event, inspect, text
from sqlalchemy.engine import Connection

from core.db import Base
from households import models as _households
from registry import models as _registry

assert _households and _registry  # the tables that are fenced

PARTS = ("households", "registry")
# Tables of these parts without a fence, each with the reason.
OPEN = {
    "figure_release": "published figures: everybody reads them",
    "figure_row": "published figures: everybody reads them",
    "draw_seed": "an encrypted number of a province and a year, no household in it",
    "standard_import": "points of law, no household in it",
    "standard_use": "hashes of standards, no household in it",
}

PURPOSE, ROLE, VILLAGE = (f"(SELECT fenced('{name}'))" for name in ("purpose", "role", "village"))
USER, UNIT = (f"(SELECT fenced('{name}')::bigint)" for name in ("user", "unit"))
DAY = "(SELECT fenced('day')::date)"
HOMES, UNITS, ENTRUSTED = (f"(SELECT fenced_{name}())" for name in ("homes", "units", "entrusted"))
REGISTRY, FIGURES, POSTING, SHOP = (
    f"{PURPOSE} = '{name}'" for name in ("registry", "figures", "posting", "shop")
)
HELPS = f"{ROLE} IN ('commune_officer', 'village_head', 'digital_team')"
OFFICER = f"{ROLE} IN ('commune_officer', 'village_head')"


@dataclass(frozen=True)
class Policy:
    """Rows of a table that one purpose opens. command: ALL, or SELECT where it only reads."""

    table: str
    name: str
    rows: str
    command: str = "ALL"

    @property
    def ddl(self) -> str:
        """The statement that makes it."""
        return f"CREATE POLICY {self.name} ON {self.table} FOR {self.command} TO PUBLIC USING ({self.rows})"


def _place(commune: str = "commune_id", village: str = "village") -> str:
    """The officer's commune, for a village head her village."""
    whole = f"{ROLE} = 'commune_officer'"
    head = f"{ROLE} = 'village_head' AND {village} = {VILLAGE}"
    return f"({commune} = {UNIT} AND ({whole} OR ({head})))"


def _counted(commune: str = "commune_id") -> str:
    """The places that a counting officer's figures cover; the whole country for an administrator."""
    counts = f"{ROLE} IN ('commune_officer', 'province_officer') AND {commune} IN {UNITS}"
    return f"({FIGURES} AND ({ROLE} = 'administrator' OR ({counts})))"


def _above(commune: str = "commune_id") -> str:
    """The province's officer looks at her communes."""
    return f"({REGISTRY} AND {ROLE} = 'province_officer' AND {commune} IN {UNITS})"


def _of(parent: str, key: str) -> str:
    """Rows that hang on another table's: open where that row is, by its own policies."""
    return f"EXISTS (SELECT 1 FROM {parent} WHERE {parent}.id = {key})"


def _declarations() -> Iterator[Policy]:
    sent = "state = 'submitted'"
    begun = f"(commune_id = {UNIT} AND {HELPS} AND state IN ('draft', 'to_confirm'))"  # who helps takes it up
    ours = f"household_id IN {HOMES} OR helped_by_user_id = {USER}"
    yield Policy("review", "registry", f"{REGISTRY} AND ({ours} OR {begun} OR ({_place()} AND {sent}))")
    yield Policy("review", "elsewhere", f"{REGISTRY} AND {sent} AND household_id IN {ENTRUSTED}", "SELECT")
    yield Policy("review", "figures", f"{sent} AND ({_counted()} OR {_above()})", "SELECT")
    yield Policy("review_result", "as_review", _of("review", "review_id"))
    yield Policy("review_deprivation", "as_result", _of("review_result", "result_id"))
    yield Policy("commune_consent", "registry", f"{REGISTRY} AND {_of('household', 'household_id')}")
    confirmed = "state NOT IN ('to_confirm', 'withdrawn')"
    yield Policy("need", "registry", f"{REGISTRY} AND ({ours} OR ({_place()} AND {confirmed}))")
    hers = f"commune_id = {UNIT} AND {ROLE} = 'commune_officer'"
    shown = f"(state <> 'shown' OR first_until < {DAY})"  # the family sees it first
    yield Policy(
        "sales_year", "registry", f"{REGISTRY} AND (household_id IN {HOMES} OR ({hers} AND {shown}))"
    )
    yield Policy("need_step", "as_need", _of("need", "need_id"))
    ours = f"household_id IN {HOMES} OR (commune_id = {UNIT} AND {ROLE} = 'commune_officer')"
    yield Policy("record_request", "registry", f"{REGISTRY} AND ({ours})")


def _figures() -> Iterator[Policy]:
    """What a round counts. A family that sends its declaration changes the counts of its commune, which name nobody."""
    yield Policy("counted_home", "registry", f"{REGISTRY} AND {_of('household', 'household_id')}")
    yield Policy("counted_home", "figures", f"({_counted()} OR {_above()})", "SELECT")
    yield Policy("place_count", "registry", REGISTRY)
    yield Policy("place_count", "figures", _counted(), "SELECT")


def _fairness() -> Iterator[Policy]:
    """Who looks at the lookers: an officer elsewhere sees the case that was drawn for her, the level above its own."""
    mine = f"user_id = {USER}"
    yield Policy("kin_declared", "registry", f"{REGISTRY} AND ({mine} OR {_of('household', 'household_id')})")
    drawn = f"officer_user_id = {USER} OR {_of('review_case', 'case_id')}"
    judged = f"{ROLE} = 'province_officer' AND province_id IN {UNITS}"
    yield Policy("recheck", "registry", f"{REGISTRY} AND ({drawn} OR ({judged}))")
    asked = f"{mine} OR ({ROLE} = 'province_officer' AND province_id IN {UNITS})"
    yield Policy("officer_question", "registry", f"{REGISTRY} AND ({asked})", "SELECT")
    theirs = (
        f"role_grant.user_id = question_answer.user_id AND unit_id IN {UNITS}"  # officers of her province
    )
    above = f"{ROLE} = 'province_officer' AND EXISTS (SELECT 1 FROM role_grant WHERE {theirs})"
    answered = f"{mine} OR ({above})"
    yield Policy("question_answer", "registry", f"{REGISTRY} AND ({answered})")


def _followed() -> Iterator[Policy]:
    """Plans and visits after recognition; yes by PIN or mark; what phones brought; papers; characteristics."""
    for table in ("care_plan", "care_visit", "household_pin"):
        yield Policy(table, "registry", f"{REGISTRY} AND {_of('household', 'household_id')}")
    brought = f"{_of('household', 'household_id')} OR {_place()}"  # a meeting has a village, no household
    yield Policy("phone_entry", "registry", f"{REGISTRY} AND ({brought})")
    yield Policy("care_plan", "figures", f"({_counted()} OR {_above()})", "SELECT")
    yield Policy("care_step", "as_plan", _of("care_plan", "plan_id"))
    yield Policy("witnessed_mark", "as_review", _of("review", "review_id"))
    yield Policy("scanned_paper", "registry", f"{REGISTRY} AND {_place()}")
    yield Policy("case_traits", "as_case", f"({REGISTRY} OR {FIGURES}) AND {_of('review_case', 'case_id')}")
    yield Policy("breach", "registry", f"{REGISTRY} AND {ROLE} = 'administrator'")
    yield Policy("person_paper", "registry", f"{REGISTRY} AND {_of('person', 'person_id')}")


def _cases() -> Iterator[Policy]:
    case = _of("review_case", "case_id")
    yield Policy("review_case", "registry", f"{REGISTRY} AND (household_id IN {HOMES} OR {_place()})")
    yield Policy("review_case", "elsewhere", f"{REGISTRY} AND household_id IN {ENTRUSTED}")
    yield Policy("review_case", "above", f"({_above()} OR {_counted()})", "SELECT")
    yield Policy("review_case", "anew", f"{_above()} AND state = 'listed'")  # a difference begins anew
    yield Policy("review_case", "posting", f"{POSTING} AND fenced_shown(id)")
    for table in ("case_step", "meeting_vote", "wall_line", "objection", "recognition"):
        yield Policy(table, "as_case", f"({REGISTRY} OR {FIGURES}) AND {case}")
    for table in ("case_step", "wall_line", "objection"):  # anybody reads the line, and objects
        yield Policy(table, "posting", f"{POSTING} AND fenced_hangs(case_id)")
    yield Policy("recognition", "posting", f"{POSTING} AND certificate_number IS NOT NULL", "SELECT")
    yield Policy(
        "village_meeting",
        "registry",
        f"{REGISTRY} AND ({_place()} OR {_of_child('meeting_vote', 'meeting_id')})",
    )
    yield Policy(
        "wall_list", "registry", f"{REGISTRY} AND ({_place()} OR {_of_child('wall_line', 'posting_id')})"
    )
    yield Policy("wall_list", "posting", POSTING)


def _of_child(child: str, key: str) -> str:
    """Rows on which something hangs that is open."""
    parent = {"meeting_vote": "village_meeting", "wall_line": "wall_list"}[child]
    return f"EXISTS (SELECT 1 FROM {child} WHERE {child}.{key} = {parent}.id)"


def _people() -> Iterator[Policy]:
    """The shared record: cooperatives read their producers' names through it, so the shop's purpose opens it."""
    for table in ("household", "person", "household_member", "consent"):
        yield Policy(table, "shop", SHOP)
    near = f"commune_id = {UNIT} AND {HELPS}"
    yield Policy("household", "registry", f"{REGISTRY} AND (id IN {HOMES} OR ({near}) OR fenced_empty(id))")
    yield Policy("household", "elsewhere", f"{REGISTRY} AND id IN {ENTRUSTED}", "SELECT")
    yield Policy("household", "figures", f"({_counted()} OR {_above()})", "SELECT")
    yield Policy("household", "posting", f"{POSTING} AND fenced_posted(id)", "SELECT")
    home = _of("household", "household_id")
    moved = (
        f"({OFFICER} AND (fenced_near(person_id) OR fenced_homeless(person_id)))"  # stays elsewhere before
    )
    kin = f"{REGISTRY} AND (person_id = (SELECT fenced_self()) OR {moved})"
    yield Policy("household_member", "as_household", home)
    yield Policy("household_member", "kin", kin)
    seen = "EXISTS (SELECT 1 FROM household_member WHERE household_member.person_id = person.id)"
    yield Policy(
        "person", "as_member", f"{seen} OR ({REGISTRY} AND (user_id = {USER} OR fenced_homeless(id)))"
    )
    yield Policy("consent", "registry", f"{REGISTRY} AND {home}")
    yield Policy("roster_event", "as_person", f"{REGISTRY} AND {_of('person', 'person_id')}")
    yield Policy("parent_link", "registry", f"{REGISTRY} AND ({OFFICER} OR {_of('person', 'child_id')})")
    for table in ("roster_import", "roster_layout", "roster_record"):
        yield Policy(table, "registry", f"{REGISTRY} AND commune_id = {UNIT} AND {OFFICER}")


# Whole tables of others that say who stands where: read by functions that are not bound themselves.
_FUNCTIONS = {
    "fenced(name text) RETURNS text": "SELECT nullif(current_setting('app.' || name, true), '')",
    "fenced_self() RETURNS bigint": "SELECT id FROM person WHERE user_id = fenced('user')::bigint",
    "fenced_homes() RETURNS SETOF bigint": """
        SELECT household_id FROM household_member
        WHERE person_id = fenced_self() AND from_on <= fenced('day')::date
          AND (to_on IS NULL OR to_on > fenced('day')::date)""",
    "fenced_entrusted() RETURNS SETOF bigint": """
        SELECT household_id FROM recheck JOIN review_case ON review_case.id = case_id
        WHERE officer_user_id = fenced('user')::bigint""",
    "fenced_units() RETURNS SETOF bigint": """
        WITH RECURSIVE reach(id) AS (
          SELECT fenced('unit')::bigint
          UNION
          SELECT below.id FROM reach JOIN LATERAL (
            SELECT unit.id FROM unit WHERE unit.parent_id = reach.id
            UNION ALL
            SELECT old_id FROM unit_change WHERE new_id = reach.id) AS below ON true)
        SELECT id FROM reach WHERE id IS NOT NULL""",
    "fenced_empty(home bigint) RETURNS boolean": """
        SELECT NOT EXISTS (SELECT 1 FROM household_member WHERE household_id = home)""",
    "fenced_homeless(who bigint) RETURNS boolean": """
        SELECT NOT EXISTS (SELECT 1 FROM household_member WHERE person_id = who)""",
    "fenced_near(who bigint) RETURNS boolean": """
        SELECT EXISTS (SELECT 1 FROM household_member JOIN household ON household.id = household_id
          WHERE person_id = who AND fenced('role') IN ('commune_officer', 'village_head', 'digital_team')
            AND commune_id = fenced('unit')::bigint)""",
    "fenced_posted(home bigint) RETURNS boolean": """
        SELECT EXISTS (SELECT 1 FROM review_case JOIN wall_line ON wall_line.case_id = review_case.id
          JOIN wall_list ON wall_list.id = wall_line.posting_id
          WHERE review_case.household_id = home AND wall_list.closes_on >= fenced('day')::date)""",
    "fenced_hangs(of_case bigint) RETURNS boolean": """
        SELECT EXISTS (SELECT 1 FROM wall_line JOIN wall_list ON wall_list.id = posting_id
          WHERE case_id = of_case AND closes_on >= fenced('day')::date)""",
    "fenced_shown(of_case bigint) RETURNS boolean": """
        SELECT fenced_hangs(of_case) OR EXISTS (SELECT 1 FROM recognition
          WHERE case_id = of_case AND certificate_number IS NOT NULL)""",
}


def policies() -> list[Policy]:
    """Every policy, by table."""
    every = (*_declarations(), *_cases(), *_followed(), *_figures(), *_fairness(), *_people())
    return [one for one in every if one.table in Base.metadata.tables]


def tables() -> list[str]:
    """The tables that are fenced."""
    return sorted({one.table for one in policies()})


def _functions() -> Iterator[str]:
    for signature, body in _FUNCTIONS.items():
        if "recheck" in body and "recheck" not in Base.metadata.tables:
            body = "SELECT NULL::bigint WHERE false"
        yield (
            f"CREATE OR REPLACE FUNCTION {signature} LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = public, pg_temp AS $$ {body} $$"
        )


def ddl(connection: Connection) -> list[str]:
    """What puts the fences up. Safe to run again: earlier policies of these tables are replaced."""
    names = ", ".join(f"'{name}'" for name in tables())
    held = connection.execute(
        text(f"SELECT tablename, policyname FROM pg_policies WHERE tablename IN ({names})")
    )
    return [
        *_functions(),
        *(f"DROP POLICY {policy} ON {table}" for table, policy in held),
        *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in tables()),
        *(one.ddl for one in policies()),
    ]


def raise_fences(connection: Connection) -> None:
    """Put every fence up where all its tables stand: every run of migrations ends with it; nothing to do on SQLite."""
    if connection.dialect.name == "postgresql" and _all_stand(connection):
        for statement in ddl(connection):
            connection.exec_driver_sql(statement)


def lower_fences(connection: Connection) -> None:
    """Take down whatever fences stand, of this version or an earlier one: every run of migrations begins with it, since
    a table that a policy names can be neither changed nor dropped.
    """
    if connection.dialect.name != "postgresql":
        return
    for table, policy in connection.execute(text("SELECT tablename, policyname FROM pg_policies")).all():
        connection.exec_driver_sql(f"DROP POLICY {policy} ON {table}")
    fenced = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
    for table in connection.execute(fenced).scalars().all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for signature in reversed(_FUNCTIONS):
        named = signature.partition(" RETURNS ")[0].replace("(name text)", "(text)")
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {named}")


def web_login(role: str) -> list[str]:
    """What an operator runs as owner so that a login which exists may serve the web and is bound by the fences."""
    name = f'"{role}"'
    kinds = (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE, SELECT", "SEQUENCES"))
    return [
        f"GRANT USAGE ON SCHEMA public TO {name}",
        *(f"GRANT {verbs} ON ALL {what} IN SCHEMA public TO {name}" for verbs, what in kinds),
        *(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {verbs} ON {what} TO {name}" for verbs, what in kinds),
    ]  # fmt: skip


def unfenced(connection: Connection) -> list[str]:
    """Tables whose fence is down, on PostgreSQL; empty when all stand."""
    query = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
    up = set(connection.execute(query).scalars())
    return [name for name in tables() if name not in up]


def bypassed(connection: Connection) -> bool:
    """Whether this login passes every fence: the tables' owner, a superuser, or one told to."""
    query = text(
        "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_class WHERE relname = 'review' AND "
        "pg_has_role(current_user, relowner, 'USAGE')) FROM pg_roles WHERE rolname = current_user"
    )
    return bool(connection.execute(query).scalar_one())


@event.listens_for(Base.metadata, "after_create")
def _with_the_tables(
    _target: Any, connection: Connection, tables: list[Table] | None = None, **_kw: Any
) -> None:
    """Tables made from the metadata get their fences with them, as a migration's do."""
    raise_fences(connection)


def _all_stand(connection: Connection) -> bool:
    held = set(inspect(connection).get_table_names())
    return held >= {*tables(), "unit", "unit_change"}
