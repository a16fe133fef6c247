"""Every page on which staff read households leaves a line with a purpose first, which the household can see.

Generated from the URL map, as the access matrix is: a new page of the registry or of households for officers fails here
until it leaves a line, or stands in `NOTHING_READ` with the reason.
"""

import sqlalchemy as sa
from flask import Flask

from accounts.rules import Role
from core import audit
from core.audit import AuditLine
from core.db import db
from registry.record.queries import LISTINGS, SUBJECT_KINDS
from registry.record.words import PURPOSES, VERBS, deed
from tests.access.test_matrix import ROWS, allowed, client_of, knock
from tests.world import World

STAFF = (
    Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD, Role.DIGITAL_TEAM, Role.PROVINCE_OFFICER, Role.ADMINISTRATOR,
)  # fmt: skip
PARTS = ("registry", "households")
# Pages for staff that read no household, each with the reason.
NOTHING_READ: dict[str, str] = {
    "fairness.mine": "one's own kin and answers; a household is named only by a search, which is audited",
    "lists.begin": "files that were sent, counted",
    "lists.form": "an empty form",
    "papers_of_cases.blank": "an empty form",
    "papers_of_cases.listed": "meetings and lists by day and village",
    "papers_of_cases.scans": "how many photos there are; each is audited when it is opened",
    "procedure.meeting": "villages, counted",
    "published.desk": "rounds, counted",
    "registry.begin_help": "an empty form",
    "registry.help_household": "an empty form",
    "registry.new_household": "an empty form",
    "safety.breach": "what happened; no household's record",
    "safety.breaches": "what happened; no household's record",
    "standards.blank_table": "points of law",
    "standards.imported": "points of law",
    "standards.listed": "points of law",
    "standards.one": "points of law",
    "standards.send_points": "points of law",
}
# Acts that count and name nobody: in the chain with who, when and why, but in no household's record.
COUNTED = {"read figures", "read questions", "try standard"}


def pages(app: Flask) -> list[str]:
    """Endpoints of the two parts that are opened by role."""
    return [
        name
        for name, row in sorted(ROWS.items())
        if app.view_functions[name].__module__.partition(".")[0] in PARTS
        and not isinstance(row.who, str)
        and "GET" in row.methods
    ]


def last_line() -> int:
    return db.session.execute(sa.select(sa.func.coalesce(sa.func.max(AuditLine.id), 0))).scalar_one()


def test_every_read_by_staff_leaves_a_line_that_the_household_sees(app: Flask, world: World) -> None:
    silent, unseen, chains = [], [], set()
    with app.app_context():
        params = {name: dict(ROWS[name].own(world)) for name in pages(app)}
    for role in STAFF:
        client = client_of(app, world, role)
        for name in pages(app):
            if not allowed(ROWS[name], role):
                continue
            with app.app_context():
                before = last_line()
            status = knock(app, client, ROWS[name], params[name], "GET")
            with app.app_context():
                query = sa.select(AuditLine).where(
                    AuditLine.id > before, AuditLine.user_id == world.users[role]
                )
                lines = list(db.session.execute(query).scalars())
                if status == 200 and name not in NOTHING_READ and not any(one.purpose for one in lines):
                    silent.append(f"{role} {name}: {[(one.verb, one.purpose) for one in lines]}")
                for one in lines:
                    chains.add(one.chain)
                    if not seen(one) or (one.verb not in COUNTED and one.purpose not in PURPOSES):
                        unseen.append(f"{role} {name}: {one.verb} of {one.subject} for {one.purpose}")
    with app.app_context():
        assert {chain: audit.verify(chain) for chain in chains} == dict.fromkeys(chains)
    said = "\n".join([*silent, *sorted(set(unseen))])
    assert not said, said


def seen(line: AuditLine) -> bool:
    """Whether some household's record shows the line, in words."""
    kind = line.subject.partition(":")[0]
    told = kind in SUBJECT_KINDS or line.verb in LISTINGS
    return line.verb in COUNTED or (told and bool(line.verb in VERBS or deed(line.verb)))


def test_what_is_let_off_exists() -> None:
    assert set(NOTHING_READ) <= set(ROWS)
