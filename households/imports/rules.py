"""Rows of a list as households and persons, with what is wrong cell by cell. Pure functions.

A fault that `stops` leaves its row out; another leaves its cell out. Neither stops another row.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from accounts.rules import normalise_phone
from core.errors import Invalid
from core.headings import Headings
from core.i18n import N_
from core.text import clean, fold
from households.rules import EthnicGroup, Relation, Sex, check_birth

Cell = str | int | float | None
Rows = Sequence[tuple[int, Sequence[Cell]]]
ROWS_MAX = 2_000
_ERA = date(1899, 12, 30)  # Excel's day 1 is 1 January 1900, and it believes in 29 February 1900
_RELATIONS = {
    Relation.HEAD: "chu ho, ch, c ho, head",
    Relation.SPOUSE: "vo, chong, vo chong, spouse, wife, husband",
    Relation.CHILD: "con, con trai, con gai, con de, con nuoi, con ruot, child, son, daughter",
    Relation.PARENT: "bo, me, cha, bo de, me de, bo ruot, me ruot, bo me, cha me, parent, mother, father",
}
_GROUP_NAMES = {"h mong": "hmong", "mong": "hmong", "meo": "hmong", "man": "dao", "viet": "kinh"}


class Outcome(StrEnum):
    """What will become of a row when the list is accepted."""

    NEW = "new"
    KNOWN = "known"  # taken in by an earlier import: nothing is written
    DOUBLE = "double"  # somebody of the roster or of the list may be the same person
    FAULTY = "faulty"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell. column: its key. stops: the row is left out."""

    column: str
    text: str
    params: dict[str, object] = field(default_factory=dict)
    stops: bool = True


@dataclass(frozen=True)
class Row:
    """One person of a list. group: which household of the list. number: of the row, as the spreadsheet counts."""

    number: int
    group: str
    name: str
    relation: Relation
    village: str
    birth_on: date | None = None
    birth_year: int | None = None
    sex: Sex | None = None
    ethnic_code: str | None = None
    phone: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def faulty(self) -> bool:
        """Whether the row is left out."""
        return any(one.stops for one in self.faults)

    @property
    def own_key(self) -> str:
        """What names this person of this list, so that the same list sent again adds nobody."""
        return "|".join((self.group, _words(self.name), str(self.birth_year or ""), _words(self.village)))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def said(value: Cell, longest: int = 120) -> str:
    """A cell as one line; a whole number without its '.0'."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(str(value))[:longest] if value is not None else ""


def birth(value: Cell) -> tuple[date | None, int | None]:
    """A day or a year of birth: 1984, '1984', '05/03/1984', '3/1984', Excel's number of a day. Raises Invalid.

    >>> birth("5/3/1984")[0], birth(1984)[1], birth("")
    (datetime.date(1984, 3, 5), 1984, (None, None))
    """
    typed = said(value)
    if not typed:
        return None, None
    if re.fullmatch(r"\d{5}", typed):
        day = _ERA + timedelta(days=int(typed))
        return day, day.year
    if match := re.fullmatch(r"(?:\d{1,2}[/.\-])?(\d{4})", typed):
        return None, int(match[1])
    match = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", typed)
    found = match and (match[1], match[2], match[3])
    if not found and (match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?", typed)):
        found = match[3], match[2], match[1]
    if not found:
        raise Invalid(N_("chưa đọc được ngày sinh “%(typed)s”"), typed=typed[:30])
    try:
        day = date(int(found[2]), int(found[1]), int(found[0]))
    except ValueError as error:
        raise Invalid(N_("chưa đọc được ngày sinh “%(typed)s”"), typed=typed[:30]) from error
    return day, day.year


def relation_of(typed: str) -> Relation:
    """What a person is to the head; whatever is not head, spouse, child or parent is another member.

    >>> relation_of("Con dâu"), relation_of("Chủ hộ")
    (<Relation.OTHER: 'other'>, <Relation.HEAD: 'head'>)
    """
    words = _words(typed)
    for relation, names in _RELATIONS.items():
        if words in {name.strip() for name in names.split(",")}:
            return relation
    return Relation.OTHER


def sex_of(typed: str) -> Sex | None:
    """Nam, Nữ, male, F …; None for an empty cell. Raises Invalid for anything else."""
    words = _words(typed)
    if words in ("nam", "male", "m", "trai"):
        return Sex.MALE
    if words in ("nu", "female", "f", "gai"):
        return Sex.FEMALE
    if not words:
        return None
    raise Invalid(N_("chưa hiểu “%(typed)s” là nam hay nữ"), typed=typed[:30])


def group_of(typed: str, groups: Sequence[EthnicGroup]) -> str | None:
    """The code of an ethnic group by its name; None for an empty cell. Raises Invalid for an unknown name."""
    words = _words(typed)
    if not words:
        return None
    words = _GROUP_NAMES.get(words, words)
    for one in groups:
        if _words(one.name) == words:
            return one.code
    raise Invalid(N_("không có dân tộc “%(typed)s” trong danh sách"), typed=typed[:30])


@dataclass
class _Reader:
    headings: Headings
    groups: Sequence[EthnicGroup]
    village: str
    only_village: str
    today: date
    group: str = ""
    told: tuple[str, str] = ("", "")
    last_village: str = ""
    heads: Counter[str] = field(default_factory=Counter)

    def cell(self, row: Sequence[Cell], key: str) -> Cell:
        place = self.headings.at(key)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Sequence[Cell], key: str) -> str:
        return said(self.cell(row, key))

    def person(self, number: int, row: Sequence[Cell]) -> Row | None:
        """One row; None for a line that holds no person: a total, a signature, column numbers."""
        name = self.text(row, "name") or self.text(row, "head")
        relation_text, born = self.text(row, "relation"), self._born(row)
        if not name + relation_text + born or re.fullmatch(r"[\d().\s]{1,12}", name):
            return None  # nothing, or the row of column numbers under the headings
        if _words(name).split(" ")[0] in ("tong", "cong") and not relation_text:
            return None
        return self._row(number, row, name, relation_text)

    def _born(self, row: Sequence[Cell]) -> str:
        return "".join(self.text(row, key) for key in ("birth", "birth_male", "birth_female"))

    def _row(self, number: int, row: Sequence[Cell], name: str, relation_text: str) -> Row:
        faults: list[Fault] = []
        head = self.text(row, "head")
        is_head = relation_of(relation_text) is Relation.HEAD or bool(
            head and not relation_text and _words(head) == _words(name)
        )
        village = self._village(row, faults)
        self._begin_household(self.text(row, "household") or head, name, village, is_head)
        if len(name) < 2 or not re.search(r"[^\W\d_]", name):
            faults.append(Fault("name", N_("thiếu họ tên")))
        found = Row(
            number, self.group, name, Relation.HEAD if is_head else relation_of(relation_text), village
        )
        found = self._facts(found, row, faults)
        return replace(found, faults=tuple(faults))

    def _begin_household(self, told: str, name: str, village: str, is_head: bool) -> None:
        """A number or head's name that differs begins a household of its village; without one, every head does."""
        if told:
            if (told, village) != self.told:
                self.told, self.group = (told, village), f"{_words(told)}/{_words(village)}"
        elif is_head or not self.group:
            mark = f"{_words(name)}/{_words(village)}"
            self.heads[mark] += 1
            self.told, self.group = ("", ""), f"{mark}#{self.heads[mark]}"

    def _village(self, row: Sequence[Cell], faults: list[Fault]) -> str:
        typed = self.text(row, "village")
        village = typed or self.last_village or self.village
        self.last_village = typed or self.last_village
        if not village:
            faults.append(Fault("village", N_("thiếu thôn, bản hoặc tổ")))
        elif self.only_village and _words(village) != _words(self.only_village):
            faults.append(Fault("village", N_("thôn này không phải thôn của bạn")))
        return self.only_village or village

    def _facts(self, found: Row, row: Sequence[Cell], faults: list[Fault]) -> Row:
        column, sex = "birth", None
        for key, told in (("birth_male", Sex.MALE), ("birth_female", Sex.FEMALE)):
            if self.text(row, key):
                column, sex = key, told
        born_on = year = code = None
        phone = ""
        try:
            born_on, year = birth(self.cell(row, column))
            year = check_birth(born_on, year, self.today)
        except Invalid as error:
            faults.append(Fault(column, error.message, dict(error.params)))
        try:
            sex = sex_of(self.text(row, "sex")) or sex
        except Invalid as error:
            faults.append(Fault("sex", error.message, dict(error.params), stops=False))
        try:
            code = group_of(self.text(row, "ethnic"), self.groups)
        except Invalid as error:
            faults.append(Fault("ethnic", error.message, dict(error.params), stops=False))
        if typed := self.text(row, "phone"):
            try:
                phone = normalise_phone(typed if typed.startswith(("0", "+", "84")) else f"0{typed}")
            except Invalid as error:
                faults.append(Fault("phone", error.message, dict(error.params), stops=False))
        return replace(found, birth_on=born_on, birth_year=year, sex=sex, ethnic_code=code, phone=phone)


def read_people(
    rows: Rows, headings: Headings, groups: Sequence[EthnicGroup], today: date, *, village: str = "",
    only_village: str = "",
) -> list[Row]:  # fmt: skip
    """The persons below the headings, in order. village: of rows that name none. only_village: of a village head."""
    reader = _Reader(headings, groups, village or only_village, only_village, today)
    found = [reader.person(number, row) for number, row in rows[headings.place + 1 :]]
    people = [one for one in found if one is not None]
    twice = {key for key, count in Counter(one.own_key for one in people).items() if count > 1}
    seen: set[str] = set()
    kept = []
    for one in people:
        if one.own_key in twice and one.own_key in seen and not one.faulty:
            again = Fault("name", N_("người này đã có ở dòng trên của bảng"))
            one = replace(one, faults=(*one.faults, again))
        seen.add(one.own_key)
        kept.append(one)
    return kept
