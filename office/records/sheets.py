"""Tables as CSV files in one ZIP, safe to open in a spreadsheet. Pure."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from core.clock import HANOI

Row = Sequence[object]


def cell(value: object) -> str:
    """A value as text: instants in Vietnam's time, nothing for None, and no text that a spreadsheet would compute."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else text


def sheet(heads: Row, rows: Iterable[Row]) -> bytes:
    """One table as CSV, UTF-8 with the mark that spreadsheets look for."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def bundle(files: dict[str, bytes]) -> bytes:
    """The files as one ZIP; the same files give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
