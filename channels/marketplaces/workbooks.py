"""A seller's template as it is inside: read within limits, and written into without touching anything else.

A template holds what no library writes back whole: lists behind cells that stand on other sheets, drawings, colours by
rule, hidden keys. So the file is not loaded and saved: the cells of ours are put between the bytes of one sheet, and
every other byte of every part stays (docs/adr/0059). Pure; the format is ECMA-376, part 1, 18.3.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from catalog.sheets.archives import BROKEN, checked
from catalog.sheets.exports import guarded
from catalog.sheets.workbooks import SAVE_AS_XLSX, kind_of
from core.errors import Invalid
from core.headings import letter
from core.i18n import N_

COLUMNS_MAX, ROWS_MAX, SHEETS_MAX, SHEET_MAX_BYTES = 400, 20_000, 30, 20_000_000
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Value = str | int | float


@dataclass
class Cell:
    """A cell as it stands: where its bytes begin and end, its style, its text, whether it is worked out."""

    column: int
    start: int
    end: int
    style: str = ""
    text: str = ""
    formula: bool = False


@dataclass
class Row:
    """A row of a sheet. inner: where its cells end, -1 for one without; hidden: nobody sees it."""

    number: int
    start: int
    end: int = 0
    inner: int = -1
    hidden: bool = False
    cells: dict[int, Cell] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return any(cell.text.strip() or cell.formula for cell in self.cells.values())


@dataclass
class Sheet:
    """A sheet of a template. path: inside the file. ends: where its last row ends, where the next may be put."""

    name: str
    path: str
    visible: bool
    xml: bytes
    rows: dict[int, Row]
    ends: int
    empty: bool = False  # written <sheetData/>
    protected: bool = False
    styles: dict[int, str] = field(default_factory=dict)  # of whole columns

    def text(self, row: int, column: int) -> str:
        """What a cell shows, '' for none."""
        found = self.rows.get(row)
        cell = found.cells.get(column) if found else None
        return cell.text if cell else ""


def _broken(error: BaseException | None = None) -> Invalid:
    return Invalid(N_("Bảng Excel này hỏng, không mở được."), remedy=SAVE_AS_XLSX, field="sheet")


def open_template(data: bytes) -> list[Sheet]:
    """The sheets of a workbook. Raises Invalid for what is no .xlsx, is broken, locked, hostile or too large."""
    if kind_of(data) != "xlsx":
        raise Invalid(N_("Mẫu của sàn phải là tệp Excel (.xlsx)."), remedy=SAVE_AS_XLSX, field="sheet")
    with checked(data):
        pass
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            strings = _strings(_part(opened, "xl/sharedStrings.xml"))
            return [
                _sheet(name, path, visible, _part(opened, path), strings)
                for name, path, visible in _listed(opened)
            ]
    except (*BROKEN, expat.ExpatError, UnicodeDecodeError, IndexError) as error:
        raise _broken() from error


def _part(opened: zipfile.ZipFile, path: str) -> bytes:
    try:
        info = opened.getinfo(path)
    except KeyError:
        return b""
    if info.file_size > SHEET_MAX_BYTES:
        raise Invalid(
            N_("Mẫu của sàn quá lớn."), remedy=N_("Tải mẫu trống của một ngành hàng."), field="sheet"
        )
    return opened.read(info)


def _parser() -> expat.XMLParserType:
    """A parser for parts of a workbook: UTF-8, and no document type, so no entity is ever opened up."""
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True

    def refuse(*_args: object) -> None:
        raise _broken()

    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def _check(xml: bytes) -> bytes:
    if not xml or xml.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _broken()
    said = re.match(rb'(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=["\']([A-Za-z0-9._-]+)', xml)
    if said and said[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise _broken()
    return xml


def _listed(opened: zipfile.ZipFile) -> Iterator[tuple[str, str, bool]]:
    """(name, path, whether it is shown) of every sheet, as the workbook's own list says."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, bool]] = []

    def relation(name: str, given: Mapping[str, str]) -> None:
        if name.endswith(" Relationship"):
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, given: Mapping[str, str]) -> None:
        if name.endswith(" sheet"):
            shown = given.get("state", "visible") == "visible"
            sheets.append((given.get("name", ""), given.get(f"{_REL} id", ""), shown))

    for path, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = _parser()
        parser.StartElementHandler = handler
        parser.Parse(_check(_part(opened, path)), True)
    for name, key, shown in sheets[:SHEETS_MAX]:
        if targets.get(key, "").startswith("xl/worksheets/"):
            yield name, targets[key], shown


def _strings(xml: bytes) -> list[str]:
    """The texts that cells share; of one in several fonts all parts, without how it is read aloud."""
    if not xml:
        return []
    found: list[str] = []
    state = {"in": False, "aloud": 0}

    def start(name: str, _given: Mapping[str, str]) -> None:
        bare = name.rpartition(" ")[2]
        if bare == "si":
            found.append("")
        state["in"] = bare == "t" and not state["aloud"]
        state["aloud"] += bare == "rPh"

    def end(name: str) -> None:
        state["in"] = False
        state["aloud"] -= name.endswith(" rPh")

    def text(said: str) -> None:
        if state["in"] and found:
            found[-1] += said

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(_check(xml), True)
    return found


class _Reader:
    """Notes of one sheet where each row and each cell lies among its bytes."""

    def __init__(self, xml: bytes, strings: list[str]) -> None:
        self.strings, self.parser, self.rows = strings, _parser(), dict[int, Row]()
        self.row: Row | None = None
        self.cell: Cell | None = None
        self.kind, self.place, self.depth, self.said = "", "", 0, ""
        self.ends, self.empty, self.protected, self.styles = -1, False, False, dict[int, str]()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler = self.text
        self.xml = xml
        self.parser.Parse(xml, True)
        if self.ends < 0:
            raise _broken()

    def _over(self, start: int) -> tuple[int, int]:
        """(where the element that just ended is over, where its end tag begins), of one that began at `start`; -1 for
        one written <c/>: of such a one the parser tells where the next begins.
        """
        first = self.xml.index(b">", start)
        if self.xml[first - 1 : first] == b"/":
            return first + 1, -1
        at = self.parser.CurrentByteIndex
        return self.xml.index(b">", at) + 1, at

    def start(self, name: str, given: Mapping[str, str]) -> None:
        bare, at = name.rpartition(" ")[2], self.parser.CurrentByteIndex
        if bare == "sheetData":
            self.empty = self.xml[self.xml.index(b">", at) - 1 : self.xml.index(b">", at)] == b"/"
            self.ends = at if self.empty else self.xml.index(b">", at) + 1
        elif bare == "sheetProtection":
            self.protected = True
        elif bare == "col" and "style" in given:
            for column in range(int(given["min"]) - 1, min(int(given["max"]), COLUMNS_MAX)):
                self.styles[column] = given["style"]
        elif bare == "row":
            number = int(given.get("r") or max(self.rows, default=0) + 1)
            if len(self.rows) >= ROWS_MAX:
                raise Invalid(
                    N_("Mẫu của sàn quá lớn."), remedy=N_("Tải mẫu trống của một ngành hàng."), field="sheet"
                )
            self.row = self.rows[number] = Row(number, at, hidden=given.get("hidden") in ("1", "true"))
        elif bare == "c" and self.row is not None:
            column = _column(given.get("r", "")) if given.get("r") else max(self.row.cells, default=-1) + 1
            self.cell = Cell(column, at, 0, given.get("s", ""))
            self.kind, self.said = given.get("t", ""), ""
            if column < COLUMNS_MAX:
                self.row.cells[column] = self.cell
        elif self.cell is not None:
            self.cell.formula |= bare == "f"
            self.place = bare

    def end(self, name: str) -> None:
        bare = name.rpartition(" ")[2]
        if bare == "c" and self.cell is not None:
            self.cell.end = self._over(self.cell.start)[0]
            shared = self.kind == "s" and self.said.strip().isdigit()
            self.cell.text = self.strings[int(self.said)] if shared else self.said
            self.cell = None
        elif bare == "row" and self.row is not None:
            self.row.end, self.row.inner = self._over(self.row.start)
            self.ends, self.row = self.row.end, None
        self.place = ""

    def text(self, said: str) -> None:
        if self.cell is not None and self.place in ("v", "t"):
            self.said += said


def _column(name: str) -> int:
    """'AB7' → 27."""
    found = 0
    for sign in re.match(r"[A-Z]{1,3}", name)[0] if re.match(r"[A-Z]{1,3}\d", name) else "A":  # type: ignore[index]
        found = found * 26 + ord(sign) - 64
    return found - 1


def _sheet(name: str, path: str, visible: bool, xml: bytes, strings: list[str]) -> Sheet:
    read = _Reader(_check(xml), strings)
    return Sheet(name, path, visible, xml, read.rows, read.ends, read.empty, read.protected, read.styles)


def fill(data: bytes, sheet: Sheet, wanted: Mapping[int, Mapping[int, Value]]) -> bytes:
    """The same workbook with {row number: {column from 0: value}} in one sheet; a worked-out cell is left alone.

    Texts are texts: none is ever run. A new cell looks like its column, or like the cell under the headings.
    """
    made = _filled(sheet, wanted)
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                kept = made if info.filename == sheet.path else old.read(info)
                new.writestr(info, kept, zipfile.ZIP_DEFLATED)
    except BROKEN as error:
        raise _broken() from error
    return out.getvalue()


def _filled(sheet: Sheet, wanted: Mapping[int, Mapping[int, Value]]) -> bytes:
    edits: list[tuple[int, int, bytes]] = []
    fresh: list[bytes] = []
    last = max(sheet.rows, default=0)
    between: dict[int, list[bytes]] = {}
    styles = _looks(sheet, wanted)
    for number in sorted(wanted):
        cells = wanted[number]
        row = sheet.rows.get(number)
        if row is not None:
            edits.append((row.start, row.end, _row_bytes(sheet, row, cells, styles)))
            continue
        body = b"".join(_cell_bytes(number, one, cells[one], styles.get(one, "")) for one in sorted(cells))
        written = f'<row r="{number}">'.encode() + body + b"</row>"
        if number > last:
            fresh.append(written)
        else:  # a gap between rows that are there
            before = next(sheet.rows[n].start for n in sorted(sheet.rows) if n > number)
            between.setdefault(before, []).append(written)
    edits += [(at, at, b"".join(rows)) for at, rows in between.items()]
    if fresh:
        put = b"".join(fresh)
        end = sheet.xml.index(b">", sheet.ends) + 1 if sheet.empty else sheet.ends
        edits.append((sheet.ends, end, b"<sheetData>" + put + b"</sheetData>" if sheet.empty else put))
    made, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        made += [sheet.xml[at:start], new]
        at = end
    return b"".join([*made, sheet.xml[at:]])


def _looks(sheet: Sheet, wanted: Mapping[int, Mapping[int, Value]]) -> dict[int, str]:
    """The style of each column where we write: of its first cell there, else of the whole column."""
    first = min(wanted, default=0)
    found = dict(sheet.styles)
    for number in (first, first + 1):
        row = sheet.rows.get(number)
        for column, cell in row.cells.items() if row else ():
            if cell.style:
                found.setdefault(column, cell.style)
    return found


def _row_bytes(sheet: Sheet, row: Row, cells: Mapping[int, Value], styles: Mapping[int, str]) -> bytes:
    kept = {column: sheet.xml[cell.start : cell.end] for column, cell in row.cells.items()}
    for column, value in cells.items():
        old = row.cells.get(column)
        if old is not None and old.formula:
            continue
        style = old.style if old is not None and old.style else styles.get(column, "")
        kept[column] = _cell_bytes(row.number, column, value, style)
    head_end = sheet.xml.index(b">", row.start) + 1
    head = sheet.xml[row.start : head_end]
    beyond = b""
    if row.inner >= 0 and row.cells:
        beyond = sheet.xml[max(cell.end for cell in row.cells.values()) : row.inner]
    head = head[:-2].rstrip() + b">" if head.endswith(b"/>") else head
    head = re.sub(rb'\sspans="[^"]*"', b"", head)  # a hint that may be wrong now
    return head + b"".join(kept[column] for column in sorted(kept)) + beyond + b"</row>"


def _cell_bytes(row: int, column: int, value: Value, style: str) -> bytes:
    where = f'r="{letter(column)}{row}"' + (f' s="{style}"' if style.isdigit() else "")
    if isinstance(value, str):
        said = escape(_BAD.sub("", str(guarded(value))))
        return f'<c {where} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'.encode()
    return f"<c {where}><v>{value}</v></c>".encode()
