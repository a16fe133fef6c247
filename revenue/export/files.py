"""A book, or all of them, as one file; for the command and for the treasurer's button."""

from flask import current_app

from core.i18n import N_, _
from revenue.export import queries
from revenue.export.rules import beancount, hledger

SUFFIXES = {"hledger": "journal", "beancount": "beancount", "xlsx": "xlsx"}
EXAMPLE = N_("dữ liệu minh hoạ")


def written(form: str, organisation_id: int | None = None) -> bytes | None:
    """The book of an organisation as "hledger", "beancount" (UTF-8) or "xlsx"; without one, every book in one file.

    None where there is no book. The demonstration says in its first line that it is one.
    """
    books = queries.books(organisation_id)
    if not books:
        return None
    if form == "xlsx":
        from revenue.export.workbook import workbook  # a spreadsheet's machinery is loaded when somebody asks

        return workbook((titled(book.name), queries.rows(book.organisation_id)) for book in books)
    lines: list[str] = []
    for book in books:
        balances = queries.balances(book.organisation_id, book.mark)
        rows = queries.rows(book.organisation_id, book.mark)
        lines += (hledger if form == "hledger" else beancount)(rows, balances, titled(book.name))
    return ("\n".join(lines) + "\n").encode()


def titled(name: str) -> str:
    """The name of a book; the demonstration says that it is one."""
    return f"{name} ({_(EXAMPLE)})" if current_app.config["DEMO"] else name
