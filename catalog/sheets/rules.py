"""How a heading is recognised, and the states of an import. Pure functions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.sheets.columns import BY_KEY, COLUMNS, NEEDED, UNREAD
from core.errors import Invalid
from core.i18n import N_
from core.text import fold

ROWS_MAX, COLUMNS_MAX = 5_000, 60
MIME = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
HEADING_ROWS = 30  # titles, addresses and blank lines may stand above the headings
SMALL_BYTES, SMALL_ROWS = 200_000, 300  # a table up to this size is done while the manager waits
SAMPLES = 3


class State(StrEnum):
    """Where an import stands."""

    READING = "reading"
    REFUSED = "refused"
    COLUMNS = "columns"  # waits for the manager to say what each column is
    CHECKING = "checking"
    PREVIEW = "preview"  # waits for the manager to accept
    APPLYING = "applying"
    DONE = "done"
    DROPPED = "dropped"


class Event(StrEnum):
    """What may happen to an import."""

    READ = "read"
    REFUSE = "refuse"
    REREAD = "reread"  # another sheet of the same workbook
    CHOOSE = "choose"
    CHECKED = "checked"
    RENAME = "rename"  # back to the columns
    ACCEPT = "accept"
    APPLIED = "applied"
    DROP = "drop"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.READING, Event.READ): State.COLUMNS,
    (State.READING, Event.REFUSE): State.REFUSED,
    (State.COLUMNS, Event.REREAD): State.READING,
    (State.COLUMNS, Event.CHOOSE): State.CHECKING,
    (State.COLUMNS, Event.DROP): State.DROPPED,
    (State.CHECKING, Event.CHECKED): State.PREVIEW,
    (State.CHECKING, Event.REFUSE): State.REFUSED,
    (State.PREVIEW, Event.RENAME): State.COLUMNS,
    (State.PREVIEW, Event.ACCEPT): State.APPLYING,
    (State.PREVIEW, Event.DROP): State.DROPPED,
    (State.APPLYING, Event.APPLIED): State.DONE,
}
AT_WORK = frozenset({State.READING, State.CHECKING, State.APPLYING})


class Outcome(StrEnum):
    """What a row would do, and what became of it."""

    NEW = "new"
    PACK = "pack"  # another pack of a product that is there
    CHANGE = "change"
    SAME = "same"
    FAULTY = "faulty"
    TAKEN = "taken"
    LEFT = "left"  # accepted, and not possible any more when its turn came; says why


GOOD = (Outcome.NEW, Outcome.PACK, Outcome.CHANGE)


def next_state(state: State, event: Event) -> State:
    """The state after an event. Raises Invalid when it may not happen."""
    found = TRANSITIONS.get((state, event))
    if found is None:
        raise Invalid(
            N_("Bảng này đang ở bước khác nên chưa làm được việc đó."), remedy=N_("Mở lại trang để xem.")
        )
    return found


# ---- headings ----


class How(StrEnum):
    """How sure a heading's meaning is."""

    REMEMBERED = "remembered"
    NAMED = "named"
    LIKE = "like"
    SEEN = "seen"  # by what stands below it
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Guess:
    """What a column is taken for: a key of COLUMNS, or '' for not read. unit: 'kg', 'g', 'ml', 'l', 'piece' or
    'thousand', where the heading says in what its numbers are."""

    key: str
    how: How
    unit: str = ""


_HEADING_UNITS = (
    (r"\b(nghin|ngan|1000|1 000)\s*(d|dong|vnd)?\b|\b000\s*d\b", "thousand"),
    (r"\b(kg|kilogam|ki lo gam|can)\b", "kg"),
    (r"\b(g|gr|gam|gram)\b", "g"),
    (r"\b(ml)\b", "ml"),
    (r"\b(l|lit|litre|liter)\b", "l"),
    (r"\b(cai|chiec|piece|pieces)\b", "piece"),
)


_STATED = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|,([^,]*)$")


def heading_key(heading: str) -> str:
    """A heading as it is compared and remembered: folded, without what is in brackets, marks and numbers at its end.

    >>> heading_key("GIÁ BÁN (đồng/gói) *")
    'gia ban'
    """
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", fold(heading))
    return re.sub(r"\s+\d{1,2}$", "", " ".join(re.sub(r"[^\w%]+|_", " ", bare).split()))


def heading_unit(heading: str) -> str:
    """The unit that a heading states in brackets or after a comma; '' where it states none.

    >>> heading_unit("Khối lượng (kg)"), heading_unit("Giá (nghìn đồng)"), heading_unit("Giá bán")
    ('kg', 'thousand', '')
    """
    stated = " ".join("".join(found) for found in _STATED.findall(fold(heading)))
    return next((unit for pattern, unit in _HEADING_UNITS if re.search(pattern, stated)), "")


def _titles() -> dict[str, str]:
    found = {}
    for one in COLUMNS:
        for name in (fold(one.title), heading_key(one.title), *one.also):
            found[name] = one.key
    return found


TITLES: Mapping[str, str] = _titles()


def named(heading: str) -> Guess | None:
    """What a heading means by its words alone; None where they say nothing."""
    key = heading_key(heading)
    if key in UNREAD:
        return Guess("", How.NAMED)
    if key in TITLES:
        return Guess(TITLES[key], How.NAMED, heading_unit(heading))
    like = [title for title in TITLES if len(title) > 3 and re.search(rf"\b{re.escape(title)}\b", key)]
    if like:
        return Guess(TITLES[max(like, key=len)], How.LIKE, heading_unit(heading))
    return None


def heading_row(rows: Sequence[Sequence[object]]) -> int | None:
    """Which of the first rows holds the headings: the one with most known headings, at least two; None if none does.

    Merged titles, addresses and blank lines above it are passed over.
    """
    best, most = None, 1
    for place, row in enumerate(rows[:HEADING_ROWS]):
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip() and len(cell) <= 80]
        known = {guess.key for text in texts if (guess := named(text)) and guess.key}
        if len(known) > most:
            best, most = place, len(known)
    return best


def recognise(
    headings: Sequence[str],
    samples: Sequence[Sequence[object]],
    remembered: Mapping[str, str],
    categories: frozenset[str] = frozenset(),
) -> list[Guess]:
    """What each column is: as this cooperative said before, else by name, by likeness, by what stands below it.

    headings: their texts. samples: some values of each column. remembered: heading_key → key. categories: folded names
    of ours. A column that may stand once goes to the surest heading, the first of equals.
    """
    found = [
        _one(heading, values, remembered, categories)
        for heading, values in zip(headings, samples, strict=True)
    ]
    order = sorted(range(len(found)), key=lambda place: (list(How).index(found[place].how), place))
    used: set[str] = set()
    for place in order:
        guess = found[place]
        if guess.key in used and not BY_KEY[guess.key].many:
            found[place] = Guess("", How.UNKNOWN)
        elif guess.key:
            used.add(guess.key)
    return found


def _one(
    heading: str, values: Sequence[object], remembered: Mapping[str, str], categories: frozenset[str]
) -> Guess:
    key = heading_key(heading)
    if key in remembered and (not remembered[key] or remembered[key] in BY_KEY):
        return Guess(remembered[key], How.REMEMBERED, heading_unit(heading))
    return named(heading) or Guess(*_seen(values, categories))


def _seen(values: Sequence[object], categories: frozenset[str]) -> tuple[str, How]:
    """What values tell of their column: barcodes, pictures, categories, amounts with a unit, prices."""
    texts = [str(value).strip() for value in values if value not in (None, "")]
    tests = (
        ("gtin", lambda text: bool(re.fullmatch(r"\d{13}(\.0)?", text))),
        ("photos", lambda text: bool(re.search(r"\.(jpe?g|png|webp|heic)$", text, re.IGNORECASE))),
        ("category", lambda text: fold(text) in categories),
        (
            "quantity",
            lambda text: bool(
                re.fullmatch(r"[\d.,]+\s*(kg|g|gr|gam|ml|l|lit|lít|lạng|cân)", text.casefold())
            ),
        ),
        (
            "price",
            lambda text: bool(re.fullmatch(r"\d{1,3}([.,]?000)+\s*(đ|d|đồng|vnd|vnđ)?", text.casefold())),
        ),
    )
    for key, test in tests:
        if texts and sum(map(test, texts)) * 5 >= len(texts) * 3:
            return key, How.SEEN
    return "", How.UNKNOWN


def lacking(keys: Sequence[str]) -> list[str]:
    """What keeps a choice of columns from being used, as message ids; empty when it may."""
    found = []
    twice = [
        BY_KEY[key].title
        for key in dict.fromkeys(keys)
        if key and keys.count(key) > 1 and not BY_KEY[key].many
    ]
    if not any(key in NEEDED for key in keys):
        found.append(N_("Chọn cột nào là tên hàng, mã hàng hoặc mã vạch."))
    if twice:
        found.append(N_("Mỗi loại cột chỉ chọn một lần."))
    return found


def letter(place: int) -> str:
    """A column's letters from its place, counted from 0.

    >>> letter(0), letter(25), letter(26), letter(59)
    ('A', 'Z', 'AA', 'BH')
    """
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
