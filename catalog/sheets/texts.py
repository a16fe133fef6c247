"""CSV as it really comes: UTF-8 with and without a mark, UTF-16 from Excel, Windows-1258; commas, semicolons, tabs.

Old Vietnamese fonts (TCVN3, VNI) are not encodings: their letters are ordinary Western ones drawn differently. They are
recognised and named, in CSV and in workbooks, and never guessed at.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog.sheets.cells import Cell
from catalog.sheets.rules import COLUMNS_MAX, HEADING_ROWS, ROWS_MAX, heading_row
from core.errors import Invalid
from core.i18n import N_

TEXT_MAX_CHARS = 12_000_000
SEPARATORS = ";,\t|"
SAVE_AS = N_("Mở bằng Excel, chọn Lưu thành → CSV UTF-8 hoặc .xlsx, rồi gửi lại.")
TO_UNICODE = N_("Đổi bảng sang phông Unicode (Arial, Times New Roman) bằng UniKey, rồi gửi lại.")
# How the commonest words of headings look when a TCVN3 or VNI text is read as Western letters.
_TCVN3 = (
    "tªn",
    "hµng",
    "gi¸",
    "b¸n",
    "lo¹i",
    "®¬n",
    "vþ",
    "sè",
    "l­îng",
    "m·",
    "thµnh",
    "phçn",
    "s¶n",
    "phÈm",
    "khèi",
    "¶nh",
)
_VNI = (
    "teân",
    "haøng",
    "giaù",
    "baùn",
    "loaïi",
    "ñôn",
    "vò",
    "soá",
    "löôïng",
    "maõ",
    "thaønh",
    "phaàn",
    "saûn",
    "phaåm",
)


@dataclass(frozen=True)
class Sheet:
    """One table as it was found: numbered rows of cells. notes: what the reader should know, as message ids."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    notes: tuple[tuple[str, dict[str, object]], ...] = ()


@dataclass(frozen=True)
class Found:
    """A table with its headings: their row's number, texts, and the rows of goods below."""

    sheet: Sheet
    heading_no: int
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...] = field(default=())


def decode(data: bytes) -> tuple[str, str]:
    """A text file's text and its encoding. Raises Invalid for what is no text or in an encoding that cannot be told."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strictly(data, name), name
    if wide := _wide(data):
        return _strictly(data, wide), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _old(data)


def _strictly(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeError as error:
        raise Invalid(
            N_("Tệp này đứt giữa chừng, không đọc được chữ."), remedy=SAVE_AS, field="sheet"
        ) from error


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every second byte of plain letters is zero."""
    head = data[:4_000]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if len(head) >= 8 and max(odd, even) * 5 > len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _old(data: bytes) -> tuple[str, str]:
    """One byte a letter: Windows-1258 if its headings make sense that way; else say what it seems to be."""
    check_font(data.decode("latin-1"))
    text = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    first = [line.split(separator) for line in text.splitlines()[:HEADING_ROWS] for separator in SEPARATORS]
    if "\ufffd" not in text and heading_row(first) is not None:
        return text, "windows-1258"
    raise Invalid(N_("Chưa đọc được chữ trong tệp này: không phải UTF-8."), remedy=SAVE_AS, field="sheet")


def check_font(text: str) -> None:
    """Raise Invalid for a text typed in an old Vietnamese font, naming it."""
    words = set(re.findall(r"[^\s,;|()\"]+", text[:20_000].lower()))
    for name, known in (("TCVN3 (.VnTime)", _TCVN3), ("VNI", _VNI)):
        if len(words & set(known)) >= 3:
            raise Invalid(
                N_("Bảng này gõ bằng phông cũ %(font)s, chợ không đọc được."),
                remedy=TO_UNICODE,
                field="sheet",
                font=name,
            )


def separator_of(text: str) -> str:
    """What stands between cells: the sign that cuts most lines into the same number of cells, more than one."""
    first = text.splitlines()[:HEADING_ROWS]
    best, most = ",", (0, 0)
    for sign in SEPARATORS:
        widths = Counter(len(row) for row in csv.reader(first, delimiter=sign) if len(row) > 1)
        if widths:
            width, times = widths.most_common(1)[0]
            best, most = (sign, (times, width)) if (times, width) > most else (best, most)
    return best


def read_csv(data: bytes) -> Sheet:
    """The rows of a CSV file, numbered as lines of the table. Raises Invalid."""
    text, encoding = decode(data)
    if len(text) > TEXT_MAX_CHARS:
        raise too_long()
    told = re.match(r"sep=(.)\r?\n", text)
    sign = told[1] if told else separator_of(text)
    body = text[told.end() :] if told else text
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    try:
        for number, row in enumerate(
            csv.reader(body.splitlines(keepends=True), delimiter=sign), 2 if told else 1
        ):
            keep(rows, number, row)
    except csv.Error as error:
        raise Invalid(
            N_("Tệp CSV này hỏng ở dòng %(row)s."), remedy=SAVE_AS, field="sheet", row=len(rows) + 1
        ) from error
    notes: tuple[tuple[str, dict[str, object]], ...] = (
        (N_("Tệp này ở bảng mã cũ Windows-1258, chợ đã đổi sang Unicode. Xem kỹ dấu."), {}),
    )
    return Sheet("", tuple(rows), notes if encoding == "windows-1258" else ())


def keep(rows: list[tuple[int, tuple[Cell, ...]]], number: int, row: Sequence[Cell]) -> None:
    """Add a row that holds something, within the limits. Raises Invalid where the table is too long."""
    last = next(
        (place for place in range(min(len(row), COLUMNS_MAX) - 1, -1, -1) if row[place] not in (None, "")), -1
    )
    if last < 0 or not any(cell is not None and str(cell).strip() for cell in row[: last + 1]):
        return
    if len(rows) >= ROWS_MAX + HEADING_ROWS:
        raise too_long()
    rows.append((number, tuple(row[: last + 1])))


def too_long() -> Invalid:
    """The refusal of a table with more than is read at once."""
    return Invalid(
        N_("Bảng dài quá %(most)s dòng."),
        remedy=N_("Chia làm nhiều tệp, gửi từng tệp một."),
        field="sheet",
        most=f"{ROWS_MAX:,}".replace(",", "."),
    )


def find_table(sheet: Sheet) -> Found | None:
    """The headings of a sheet and the rows below them; None for a sheet without a table of goods."""
    first = [row for _number, row in sheet.rows[:HEADING_ROWS]]
    place = heading_row(first)
    if place is None:
        place = next((n for n, row in enumerate(first) if sum(_is_word(cell) for cell in row) >= 3), None)
    if place is None:
        return None
    number, row = sheet.rows[place]
    below = sheet.rows[place + 1 :]
    if len(below) > ROWS_MAX:
        raise too_long()
    width = max([len(row), *(len(cells) for _no, cells in below[:200])])
    headings = tuple(str(row[n]).strip() if n < len(row) and row[n] is not None else "" for n in range(width))
    return Found(sheet, number, headings, tuple((no, cells[:width]) for no, cells in below))


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(re.search(r"[^\W\d_]", cell))


def best_table(sheets: Iterable[Sheet], wanted: str = "") -> Found:
    """The table of goods among sheets: the one asked for, else the one whose headings say most. Raises Invalid."""
    tables = [table for sheet in sheets if (table := find_table(sheet)) is not None]
    for table in tables:
        check_font(" ".join(table.headings))
    chosen = [table for table in tables if table.sheet.name == wanted] if wanted else []
    full = [table for table in chosen or tables if table.rows]
    if not full:
        raise Invalid(
            N_("Không thấy bảng hàng nào trong tệp."),
            remedy=N_("Cần một dòng tiêu đề, ví dụ Tên hàng, Lượng, Giá bán, và mỗi món một dòng ở dưới."),
            field="sheet",
        )
    return max(full, key=lambda table: (_known(table), len(table.rows)))


def _known(table: Found) -> int:
    from catalog.sheets.rules import named

    return len({guess.key for heading in table.headings if (guess := named(heading)) and guess.key})
