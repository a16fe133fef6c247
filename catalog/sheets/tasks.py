"""What the worker does with a table: read it, check it, take its rows. Each step is over one import, safe to run twice.

Small tables are done by the web process itself, under the same claim, while their manager waits.
"""

from collections.abc import Mapping
from typing import Any

from catalog.photos.heads import NotAPicture, sniff
from catalog.sheets import arrivals, operations, queries
from catalog.sheets.archives import Archive, open_archive, pictures_for
from catalog.sheets.lines import Fault, Layout, Line, read_line
from catalog.sheets.models import SheetImport
from catalog.sheets.plans import check_published, plan_all
from catalog.sheets.rules import COLUMNS_MAX, GOOD, SAMPLES, SMALL_BYTES, SMALL_ROWS, State, letter, recognise
from catalog.sheets.texts import Found, Sheet, best_table, find_table, read_csv
from cooperatives.models import Cooperative
from core import files
from core.db import db, transaction
from core.errors import DomainError, Invalid
from core.i18n import N_
from core.text import fold
from core.work import Task, sweep


def advance(import_id: int) -> None:
    """Do the step that an import waits for; the caller has claimed it."""
    state = db.session.get_one(SheetImport, import_id).state
    db.session.rollback()
    steps = {State.READING: read_table, State.CHECKING: check_table, State.APPLYING: take_rows}
    step = steps.get(State(state))
    if step is None:
        raise ValueError(f"import {import_id} waits for its manager, not for the worker")
    step(import_id)


def is_small(data: bytes, photos: bytes | None) -> bool:
    """Whether a table is read while its manager waits."""
    return len(data) <= SMALL_BYTES and photos is None


def is_short(row_count: int, photos_file: str | None) -> bool:
    """Whether rows are checked and taken while their manager waits."""
    return row_count <= SMALL_ROWS and photos_file is None


# ---- reading ----


def read_table(import_id: int) -> None:
    """The file's rows and headings, kept; or the reason why it cannot be read."""
    one = db.session.get_one(SheetImport, import_id)
    name, wanted, cooperative_id = one.sheet_file, one.sheet_name, one.cooperative_id
    known = queries.remembered(cooperative_id)
    categories = frozenset(fold(row[2]) for row in queries.category_rows())
    photos_file = one.photos_file
    db.session.rollback()
    try:
        sheets = sheets_of(files.read(name))
        table = best_table(sheets, wanted)
        if photos_file is not None:
            open_archive(files.read(photos_file))
    except DomainError as error:
        with transaction():
            operations.refuse(import_id, error)
        return
    with transaction():
        operations.keep_read(import_id, table, _described(table, sheets, known, categories))


def sheets_of(data: bytes) -> list[Sheet]:
    """The tables in a file, whatever it is called: a workbook, a CSV, or a ZIP that holds one. Raises Invalid."""
    from catalog.sheets.workbooks import kind_of, read_workbook  # its 10 MB come with the first table

    kind = kind_of(data)
    if kind == "zip":
        archive = open_archive(data, "sheet")
        if len(archive.tables) != 1:
            raise Invalid(
                N_("Trong tệp ZIP có %(count)s bảng, cần đúng một."),
                remedy=N_("Để một bảng .xlsx hoặc .csv cùng ảnh."),
                field="sheet",
                count=len(archive.tables),
            )
        data = archive.read(archive.tables[0])
        kind = kind_of(data)
        if kind == "zip":
            raise Invalid(
                N_("Bảng Excel này hỏng, không mở được."),
                remedy=N_("Lưu lại bảng rồi nén lại."),
                field="sheet",
            )
    return read_workbook(data) if kind == "xlsx" else [read_csv(data)]


def _described(
    table: Found, sheets: list[Sheet], known: Mapping[str, str], categories: frozenset[str]
) -> dict[str, Any]:
    """What is kept of a table beside its rows."""
    columns = range(len(table.headings))
    below = [
        [cells[place] if place < len(cells) else None for _no, cells in table.rows[:200]] for place in columns
    ]
    guesses = recognise(table.headings, below, known, categories)
    samples = [[str(value)[:60] for value in values if value not in (None, "")][:SAMPLES] for values in below]
    others = [sheet.name for sheet in sheets if sheet.name and find_table(sheet) is not None]
    return {
        "headings": list(table.headings),
        "letters": [letter(place) for place in columns][:COLUMNS_MAX],
        "guesses": [[guess.key, str(guess.how), guess.unit] for guess in guesses],
        "samples": samples,
        "sheets": others,
        "notes": [[text, params] for text, params in table.sheet.notes],
    }


# ---- checking ----


def check_table(import_id: int) -> None:
    """Every row is understood and compared with the goods that are there; nothing of these is changed."""
    one = db.session.get_one(SheetImport, import_id)
    cooperative = db.session.get_one(Cooperative, one.cooperative_id)
    layout = Layout([(key, unit) for key, unit in one.columns])
    try:
        archive = archive_of(one)
    except DomainError as error:
        with transaction():
            operations.refuse(import_id, error)
        return
    lookups = queries.lookups(cooperative, frozenset(archive.pictures) if archive else None)
    lines = [read_line(row.row_no, row.cells, layout, lookups) for row in queries.cells_of(import_id)]
    if archive is not None:
        _look_at_pictures(lines, layout, archive)
    goods = queries.goods(cooperative, {f"0{line.values['gtin']}" for line in lines if "gtin" in line.values})
    planned = plan_all(lines, goods, layout)
    published, kinds = queries.published_facts(
        {one.product_id for one in planned if one.changes and one.product_id}
    )
    for plan in planned:
        if plan.outcome in GOOD and plan.product_id in published:
            check_published(plan, published[plan.product_id], kinds, layout)
    db.session.rollback()
    with transaction():
        operations.keep_plan(import_id, planned)


def archive_of(one: SheetImport) -> Archive | None:
    """The pictures that came with a table, in a ZIP of their own or in the one that holds the table. Raises Invalid."""
    from catalog.sheets.workbooks import kind_of  # its 10 MB come with the first table

    if one.photos_file is not None:
        return open_archive(files.read(one.photos_file))
    data = files.read(one.sheet_file)
    return open_archive(data, "sheet") if data.startswith(b"PK") and kind_of(data) == "zip" else None


def _look_at_pictures(lines: list[Line], layout: Layout, archive: Archive) -> None:
    """Pictures named by a product's code or name are its own; each named picture is looked at once."""
    wrong: dict[str, Fault | None] = {}
    for line in lines:
        if "photos" not in line.values:
            found = pictures_for(
                archive, [str(line.values.get("code", "")), str(line.values.get("name", ""))]
            )
            if found:
                line.values["photos"] = found[:8]
        for name in line.values.get("photos", ()):
            if name not in wrong:
                wrong[name] = _fault_of(archive, name)
            if (fault := wrong[name]) is not None:
                cell = layout.cell("photos", line.number)
                line.faults.append(Fault(cell, fault.text, fault.remedy, fault.params))


def _fault_of(archive: Archive, name: str) -> Fault | None:
    """Why a picture cannot be used, None for a good one. Only its first bytes and its size in pixels are read."""
    shown = archive.pictures[name].rpartition("/")[2][-60:]
    try:
        sniff(archive.read(archive.pictures[name]))
    except NotAPicture as error:
        return Fault("", f"%(name)s: {error.message}", error.remedy, dict(error.params) | {"name": shown})
    except Invalid as error:
        return Fault("", error.message, error.remedy, error.params)
    return None


# ---- taking ----


def take_rows(import_id: int) -> None:
    """The rows without faults become goods, turn after turn; see `arrivals`. Pictures are stored before each turn."""
    one = db.session.get_one(SheetImport, import_id)
    archive = archive_of(one)
    over = False
    while not over:
        names = (
            {name for row in arrivals.waiting(import_id) for name in row.said.get("photos", ())}
            if archive
            else set()
        )
        db.session.rollback()
        originals = (
            {name: files.put(archive.read(archive.pictures[name]), ".bin") for name in names}
            if archive
            else {}
        )
        with transaction():
            over = arrivals.take_turn(import_id, originals)
        db.session.expire_all()


def step_imports() -> int:
    """Take up the tables that wait for the worker."""
    return sweep(SheetImport, advance, most=4, lease_s=operations.LEASE_S)


def forget_old_rows() -> int:
    """Throw away the rows of imports that ended long ago."""
    with transaction():
        return operations.forget_old()


TASKS = [Task("tables", 1.0, step_imports), Task("old tables", 3600.0, forget_old_rows)]
