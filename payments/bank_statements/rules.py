"""A statement's rows as lines of money, with what is wrong cell by cell. Pure functions."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from core.errors import Conflict, Invalid
from core.i18n import N_
from core.text import fold
from payments.bank_statements.columns import COLUMNS
from payments.tables import cells
from payments.tables.cells import Cell, When
from payments.tables.columns import FOREIGN, Headings, letter

FOOTER = re.compile(
    r"\b(tong|tong cong|cong|so du|dau ky|cuoi ky|total|balance|opening|closing|page|trang|brought|carried)\b"
)
IN_WORDS = frozenset({"+", "c", "cr", "co", "credit", "ghi co", "tien vao", "in", "vao", "thu", "gui"})
OUT_WORDS = frozenset({"-", "d", "dr", "no", "debit", "ghi no", "tien ra", "out", "ra", "chi", "rut"})
DONG_WORDS = frozenset({"", "vnd", "vnđ", "d", "dong", "₫", "viet nam dong", "704"})


class State(StrEnum):
    """Where a statement stands."""

    COLUMNS = "columns"  # what its columns mean is not known yet
    PREVIEW = "preview"
    APPLYING = "applying"
    DONE = "done"
    DROPPED = "dropped"


TRANSITIONS: dict[tuple[State, str], State] = {
    (State.COLUMNS, "read"): State.PREVIEW,
    (State.COLUMNS, "unread"): State.COLUMNS,
    (State.PREVIEW, "read"): State.PREVIEW,
    (State.PREVIEW, "unread"): State.COLUMNS,
    (State.PREVIEW, "accept"): State.APPLYING,
    (State.APPLYING, "finish"): State.DONE,
    (State.COLUMNS, "drop"): State.DROPPED,
    (State.PREVIEW, "drop"): State.DROPPED,
}


def next_state(state: State, event: str) -> State:
    """The state after an event. Raises Conflict where the table has none."""
    found = TRANSITIONS.get((state, event))
    if found is None:
        raise Conflict(N_("Sao kê này đang ở bước khác."), remedy=N_("Tải lại trang để xem."))
    return found


class Outcome(StrEnum):
    """What became of a line, or would."""

    NEW = "new"  # money that came and nobody has told of
    KNOWN = "known"  # booked before: told by a service, by hand, or in an earlier statement
    OUT = "out"  # money that went
    FAULT = "fault"
    BOOKED = "booked"  # new money, booked from this statement


OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.NEW: N_("Tiền vào, chưa có trong sổ"),
    Outcome.KNOWN: N_("Đã có trong sổ"),
    Outcome.OUT: N_("Tiền ra"),
    Outcome.FAULT: N_("Chưa đọc được"),
    Outcome.BOOKED: N_("Đã ghi vào sổ"),
}
STATE_TEXT: dict[State, str] = {
    State.COLUMNS: N_("Chờ chọn cột"),
    State.PREVIEW: N_("Chờ ghi vào sổ"),
    State.APPLYING: N_("Đang ghi"),
    State.DONE: N_("Đã ghi"),
    State.DROPPED: N_("Đã bỏ"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell. cell: as the spreadsheet names it."""

    cell: str
    message: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class Line:
    """One row of a statement. amount_vnd: + came, − went. when: None only with a fault. ordinal: the how manieth of
    equal lines of one file; two equal payments of a day are two."""

    row_no: int
    when: When | None
    amount_vnd: int
    content: str
    reference: str = ""
    balance_vnd: int | None = None
    fault: Fault | None = None
    ordinal: int = 1

    @property
    def fingerprint(self) -> str:
        """The same for the same line of any file of the account: day, sum and text, whatever marks or signs the
        file's kind puts around them, and the ordinal."""
        assert self.when, "a line with a fault is not booked"
        bare = re.sub(r"[^A-Z0-9]", "", fold(self.content).upper())
        told = f"{self.when.on.isoformat()}|{self.amount_vnd}|{bare}|{self.ordinal}"
        return hashlib.sha256(told.encode()).hexdigest()[:40]


def lacking(keys: Sequence[str]) -> list[str]:
    """Titles of columns without which nothing can be booked."""
    titles = {column.key: column.title for column in COLUMNS}
    missing = [titles[key] for key in ("date", "content") if key not in keys]
    if not {"credit", "amount"} & set(keys):
        missing.append(titles["credit"])
    return missing


def read_lines(
    rows: Sequence[tuple[int, tuple[Cell, ...]]], headings: Headings, today: date
) -> tuple[Line, ...]:
    """The lines below the headings. Titles, sums, page breaks and blank rows are left out; what cannot be read stands
    there with the cell that is wrong."""
    places = {key: headings.at(key) for key in {column.key for column in COLUMNS}}
    below = rows[headings.place + 1 :]
    american = cells.month_first(_cell(row, places["date"]) for _no, row in below)
    lines = [
        line
        for number, row in below
        if (line := _Row(number, row, places, headings, american, today).line()) is not None
    ]
    return _counted(lines)


def _cell(row: Sequence[Cell], place: int | None) -> Cell:
    return row[place] if place is not None and place < len(row) else None


class _Wrong(Exception):
    def __init__(self, key: str, message: str, params: Mapping[str, object]) -> None:
        super().__init__(message)
        self.key, self.message, self.params = key, message, params


class _Row:
    """One row on its way to a line."""

    def __init__(
        self, number: int, row: Sequence[Cell], places: Mapping[str, int | None], headings: Headings,
        american: bool, today: date,
    ) -> None:  # fmt: skip
        self.number, self.row, self.places, self.headings = number, row, places, headings
        self.american, self.today = american, today

    def of(self, key: str) -> Cell:
        """The cell of a column."""
        return _cell(self.row, self.places[key])

    def line(self) -> Line | None:
        """The line, one with a fault, or None for a row that is none."""
        content, reference = self._content(), cells.text(self.of("reference"), 80)
        if self._is_no_line():
            return None
        try:
            when = self._when()
            amount = self._amount()
            balance = self._balance()
        except _Wrong as wrong:
            place = self.places[wrong.key]
            fault = Fault(f"{letter(place or 0)}{self.number}", wrong.message, wrong.params)
            return Line(self.number, None, 0, content, reference, fault=fault)
        return None if amount == 0 else Line(self.number, when, amount, content, reference, balance)

    def _is_no_line(self) -> bool:
        """A repeated heading, a sum at the foot, an opening balance, the second line of an entry."""
        texts = [cells.text(cell) for cell in self.row]
        if [text for text in texts if text] == [text for text in self.headings.texts if text]:
            return True
        if any(cells.text(self.of(key)) for key in ("credit", "debit", "amount")):
            words = fold(" ".join(texts))
            return not cells.text(self.of("date")) and bool(FOOTER.search(words))
        return True

    def _content(self) -> str:
        content, name = cells.text(self.of("content")), cells.text(self.of("name"), 120)
        return f"{content} · {name}" if name and fold(name) not in fold(content) else content

    def _read(self, key: str) -> int:
        try:
            return cells.amount(self.of(key))
        except Invalid as error:
            raise _Wrong(key, error.message, error.params) from error

    def _when(self) -> When:
        try:
            found = cells.when(self.of("date"), self.of("time"), american=self.american)
        except Invalid as error:
            raise _Wrong("date", error.message, error.params) from error
        if found.on > self.today:
            raise _Wrong("date", N_("ngày %(day)s chưa tới"), {"day": f"{found.on:%d/%m/%Y}"})
        if found.on < self.today - timedelta(days=3660):
            raise _Wrong("date", N_("ngày %(day)s lâu quá"), {"day": f"{found.on:%d/%m/%Y}"})
        return found

    def _amount(self) -> int:
        self._check_currency()
        credit, debit = abs(self._read("credit")), abs(self._read("debit"))
        if credit and debit:
            raise _Wrong("credit", N_("vừa có tiền vào vừa có tiền ra"), {})
        if credit or debit:
            return credit - debit
        size, sign = self._read("amount"), fold(cells.text(self.of("sign")))
        if size == 0 or not sign:
            return size
        if sign in IN_WORDS:
            return abs(size)
        if sign in OUT_WORDS:
            return -abs(size)
        raise _Wrong("sign", N_("chưa rõ “%(typed)s” là tiền vào hay tiền ra"), {"typed": sign[:20]})

    def _check_currency(self) -> None:
        told = fold(cells.text(self.of("currency")))
        if told not in DONG_WORDS:
            raise _Wrong("currency", N_("“%(typed)s” không phải tiền đồng"), {"typed": told[:20]})
        for key in ("credit", "debit", "amount"):
            place = self.places[key]
            if place is not None and FOREIGN.search(self.headings.texts[place]):
                raise _Wrong(
                    key, N_("“%(typed)s” không phải tiền đồng"), {"typed": self.headings.texts[place][:30]}
                )

    def _balance(self) -> int | None:
        """The balance after the line; one that cannot be read is no reason to leave the money out."""
        try:
            return cells.amount(self.of("balance")) if cells.text(self.of("balance")) else None
        except Invalid:
            return None


def _counted(lines: Sequence[Line]) -> tuple[Line, ...]:
    seen: Counter[str] = Counter()
    counted = []
    for line in lines:
        if line.fault is None:
            seen[line.fingerprint] += 1
            line = replace(line, ordinal=seen[line.fingerprint])
        counted.append(line)
    return tuple(counted)


class Balanced(NamedTuple):
    """A line as far as its balance goes."""

    row_no: int
    amount_vnd: int
    balance_vnd: int | None


def gaps(lines: Sequence[Balanced]) -> tuple[int, ...]:
    """Rows at which the balance does not follow from the row before: something is missing or was read wrongly.

    A file may run forward or backward in time; the way with fewer gaps is the file's. Without balances there is nothing
    to check.
    """
    told = [line for line in lines if line.balance_vnd is not None]
    pairs = list(pairwise(told))
    forward = [b.row_no for a, b in pairs if (a.balance_vnd or 0) + b.amount_vnd != b.balance_vnd]
    backward = [b.row_no for a, b in pairs if (b.balance_vnd or 0) + a.amount_vnd != a.balance_vnd]
    return tuple(forward if len(forward) <= len(backward) else backward)


def refund_fits(content: str, reference: str, sent_reference: str, words: Sequence[str]) -> bool:
    """Whether money that went is a refund: the bank's own reference, or the order's code in its text."""
    bare = re.sub(r"[^A-Z0-9]", "", fold(content).upper())
    told = re.sub(r"[^A-Z0-9]", "", fold(sent_reference).upper())
    own = re.sub(r"[^A-Z0-9]", "", fold(reference).upper())
    if len(told) >= 4 and (told == own or told in bare):
        return True
    return any(word and word in bare for word in words)
