"""The usual reports as one workbook; who took it and when stands on every sheet."""

from io import BytesIO

from core.i18n import _
from registry.figures.sheets import Report


def workbook(report: Report) -> bytes:
    """XLSX: a sheet for each table."""
    import openpyxl  # loaded when somebody asks

    from catalog.sheets.exports import guarded

    book = openpyxl.Workbook(write_only=True)
    for number, one in enumerate(report.sheets, 1):
        sheet = book.create_sheet(f"{number}. {one.title}"[:31])
        sheet.append([guarded(f"{one.title}. {report.place}. {_('Đợt %(year)s', year=report.year)}")])
        for line in (*report.said, report.stamp):
            sheet.append([guarded(line)])
        sheet.append([])
        for row in one.rows:
            sheet.append([guarded(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
