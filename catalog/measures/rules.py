"""Amounts as people say them at the scales: "2 lạng", "nửa cân", "yến rưỡi", "chục", "chai 750 ml". Pure functions.

Everything is counted in whole grams, millilitres or pieces. One lạng is 100 g, one cân a kilogram, one yến 10 kg, one
tạ 100 kg: the metric values in daily use. A chục is ten; in parts of the South a chục of fruit is twelve, which is
said: "chục 12".
"""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from catalog.rules import Unit
from core.errors import Invalid
from core.i18n import N_
from core.text import fold

NET_MAX = 1_000_000


@dataclass(frozen=True)
class Word:
    """A word for a measure: how it is written, its unit, and how many of that unit it stands for."""

    text: str
    unit: Unit
    size: int


@dataclass(frozen=True)
class Measure:
    """A net quantity in whole grams, millilitres or pieces. wrapped: the container named ('Chai'), or empty."""

    quantity: int
    unit: Unit
    wrapped: str = ""
    counted: str = ""

    @property
    def label(self) -> str:
        """How it stands on the label: '200 g', '1,5 kg', 'Chai 750 ml', 'Hộp 20 túi', 'Bó'."""
        amount = _amount(self.quantity, self.unit, self.counted)
        if self.wrapped and self.unit is Unit.PIECE and self.quantity == 1 and not self.counted:
            return self.wrapped
        return f"{self.wrapped} {amount}".strip()


WORDS: tuple[Word, ...] = (
    Word("g", Unit.GRAM, 1),
    Word("lạng", Unit.GRAM, 100),
    Word("kg", Unit.GRAM, 1_000),
    Word("cân", Unit.GRAM, 1_000),
    Word("yến", Unit.GRAM, 10_000),
    Word("tạ", Unit.GRAM, 100_000),
    Word("ml", Unit.MILLILITRE, 1),
    Word("lít", Unit.MILLILITRE, 1_000),
    Word("cái", Unit.PIECE, 1),
    Word("chục", Unit.PIECE, 10),
)
CONTAINERS = (
    "bó",
    "chai",
    "lọ",
    "hộp",
    "gói",
    "túi",
    "hũ",
    "thùng",
    "bao",
    "bịch",
    "giỏ",
    "mớ",
    "nải",
    "xâu",
    "bánh",
)
COUNTED = (
    "cái",
    "quả",
    "trái",
    "túi",
    "gói",
    "củ",
    "bông",
    "bắp",
    "con",
    "viên",
    "tờ",
    "chiếc",
    "ống",
    "tép",
    "trứng",
    *CONTAINERS,
)
_ALIASES = {
    "gam": "g", "gram": "g", "gr": "g", "ký": "kg", "kí": "kg", "ki": "kg", "kilo": "kg", "ki lô": "kg",
    "kilogam": "kg", "ki lô gam": "kg", "mililit": "ml", "mi li lít": "ml", "l": "lít", "lit": "lít",
}  # fmt: skip
_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười hai": 12, "mười lăm": 15, "hai mươi": 20, "ba mươi": 30, "năm mươi": 50,
    "một trăm": 100, "hai trăm": 200, "ba trăm": 300, "năm trăm": 500,
}  # fmt: skip
HALF, AND_HALF = "nua", "ruoi"


def _folded(*words: str) -> dict[str, str]:
    """Spellings without marks → the word as written."""
    return {fold(word): word for word in words}


_BY_WORD = {fold(one.text): one for one in WORDS} | {
    fold(alias): next(one for one in WORDS if one.text == text) for alias, text in _ALIASES.items()
}
_CONTAINER, _COUNTED = _folded(*CONTAINERS), _folded(*COUNTED)
_NUMBER = {fold(word): value for word, value in _NUMBERS.items()}


def _alternatives(words: dict[str, str] | dict[str, Word] | dict[str, int]) -> str:
    """A pattern of these words, longest first, so that 'kilogam' is not read as 'ki'."""
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


_FIGURE = rf"(?:\d+(?:[.,]\d+)?|\d+/\d+|{_alternatives(_NUMBER)}|{HALF})"
_AMOUNT = re.compile(
    rf"(?P<figure>{_FIGURE})?\s*(?P<word>{_alternatives(_BY_WORD)})(?P<rest>\s+{AND_HALF}|\s*\d)?"
)
_PIECES = re.compile(rf"(?P<figure>{_FIGURE})\s*(?P<counted>{_alternatives(_COUNTED)})")
_SUM = re.compile(
    rf"(?P<first>{_FIGURE}\s*(?:{_alternatives(_BY_WORD)}))\s+(?P<second>{_FIGURE}\s*(?:{_alternatives(_BY_WORD)}))"
)
_DOZEN = re.compile(
    rf"chuc\s*(?P<figure>\d+|{_alternatives(_NUMBER)})(?:\s+(?P<counted>{_alternatives(_COUNTED)}))?"
)
_LEADING = re.compile(rf"(?:(?:mot|1|moi)\s+)?(?P<container>{_alternatives(_CONTAINER)})\b\s*(?P<rest>.*)")


def read_measure(typed: str, default: str = "") -> Measure:
    """What a person types for the amount in one pack.

    default: the unit word that a bare number is meant in ('g', 'lạng', 'chai'); empty where none was chosen.

    >>> read_measure("2 lạng").quantity, read_measure("nua can").quantity, read_measure("yến rưỡi").quantity
    (200, 500, 15000)
    >>> read_measure("chai 750 ml").label, read_measure("chục").quantity
    ('Chai 750 ml', 10)

    Raises Invalid, with what it takes the text for and an example, at field net_quantity.
    """
    text = _tidy(typed)
    if not text:
        raise Invalid(N_("Ghi lượng trong một gói, ví dụ 500 g hoặc 5 lạng."), field="net_quantity")
    container = ""
    if match := _LEADING.fullmatch(text):
        container, rest = _CONTAINER[match["container"]].capitalize(), match["rest"]
        if not rest:
            return Measure(1, Unit.PIECE, container)
        text = rest
    found = _plain(text) or _bare(text, default)
    if found is None:
        raise Invalid(
            N_("Chưa đọc được lượng “%(typed)s”."),
            remedy=N_("Viết số rồi đơn vị, ví dụ 500 g, 2 lạng, nửa cân, chục."),
            field="net_quantity", typed=typed[:40],
        )  # fmt: skip
    return Measure(_whole(found[0], typed), found[1], container or found[2], found[3])


def _tidy(typed: str) -> str:
    """Folded, without a closing full stop and without the hyphen of 'ki-lô'."""
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", fold(typed)).strip(" .")
    text = re.sub(r"(\d)\s*([.,])\s*(\d)", r"\1\2\3", text)
    return re.sub(r"(?<=\d)(?=[a-z])", " ", text)


Found = tuple[Fraction, Unit, str, str]


def _plain(text: str) -> Found | None:
    """A number with a unit: '2 lạng', 'yến rưỡi', '1 cân 2' (1.2 kg), '1 cân 2 lạng', 'chục 12 quả', '20 túi'."""
    if match := _DOZEN.fullmatch(text):
        return Fraction(_figure(match["figure"])), Unit.PIECE, "", _COUNTED.get(match["counted"] or "", "")
    if match := _PIECES.fullmatch(text):
        return _figure(match["figure"]), Unit.PIECE, "", _COUNTED[match["counted"]]
    if match := _SUM.fullmatch(text):
        first, second = _plain(match["first"]), _plain(match["second"])
        if first and second and first[1] is second[1]:
            return first[0] + second[0], first[1], "", ""
    head, _space, tail = text.rpartition(" ")
    counted = _COUNTED.get(tail, "")
    for candidate, said in ((text, ""), (head, counted)):
        match = _AMOUNT.fullmatch(candidate)
        if match is None or (candidate is head and (not counted or _BY_WORD[match["word"]].text != "chục")):
            continue
        word = _BY_WORD[match["word"]]
        many = _figure(match["figure"]) if match["figure"] else Fraction(1)
        rest = (match["rest"] or "").strip()
        part = Fraction(1, 2) if rest == AND_HALF else Fraction(int(rest or 0), 10)
        return (many + part) * word.size, word.unit, "", said
    return None


def _bare(text: str, default: str) -> Found | None:
    """A number alone, in the unit that was chosen beside it."""
    if not default or not re.fullmatch(_FIGURE, text):
        return None
    many = _figure(text)
    if fold(default) in _BY_WORD:
        word = _BY_WORD[fold(default)]
        return many * word.size, word.unit, "", ""
    if fold(default) in _CONTAINER:
        container = _CONTAINER[fold(default)]
        return (
            (many, Unit.PIECE, container.capitalize(), "") if many == 1 else (many, Unit.PIECE, "", container)
        )
    return None


def _figure(text: str) -> Fraction:
    """A number in figures or words. '1.500' is fifteen hundred, '1,5' and '1.5' one and a half."""
    if text == HALF:
        return Fraction(1, 2)
    if text in _NUMBER:
        return Fraction(_NUMBER[text])
    if "/" in text:
        above, _slash, below = text.partition("/")
        if int(below) == 0:
            raise Invalid(N_("Số sau dấu gạch phải lớn hơn 0."), field="net_quantity")
        return Fraction(int(above), int(below))
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
        return Fraction(text.replace(".", ""))
    return Fraction(text.replace(",", "."))


def _whole(amount: Fraction, typed: str) -> int:
    """The amount as a whole number within bounds."""
    if amount.denominator != 1:
        raise Invalid(
            N_("“%(typed)s” chưa ra số chẵn."), remedy=N_("Viết bằng gam, mi-li-lít hoặc số cái."),
            field="net_quantity", typed=typed[:40],
        )  # fmt: skip
    if not 0 < amount <= NET_MAX:
        raise Invalid(
            N_("Lượng phải lớn hơn 0, nhiều nhất 1 tấn."),
            remedy=N_("Viết một số, ví dụ 500 g."),
            field="net_quantity",
        )
    return int(amount)


def _number(value: Fraction) -> str:
    """1,5 for 3/2; whole thousands keep their point: 1.500."""
    whole = f"{int(value):,}".replace(",", ".")
    part = f"{float(value - int(value)):.3f}"[2:].rstrip("0")
    return f"{whole},{part}" if part else whole


def _amount(quantity: int, unit: Unit, counted: str = "") -> str:
    """A net quantity as labels write it: g below a kilogram, then kg; ml and lít alike; cái or what was counted."""
    if unit is Unit.PIECE:
        return f"{_number(Fraction(quantity))} {counted or 'cái'}"
    small, large = ("g", "kg") if unit is Unit.GRAM else ("ml", "lít")
    if quantity < 1_000:
        return f"{quantity} {small}"
    return f"{_number(Fraction(quantity, 1_000))} {large}"


# ---- shelf life ----

_DAYS = {"ngay": 1, "tuan": 7, "thang": 30, "nam": 365, "day": 1, "days": 1, "month": 30, "months": 30, "year": 365,
         "years": 365}  # fmt: skip
_SHELF = re.compile(
    rf"(?P<figure>{_FIGURE})?\s*(?P<word>{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?P<half>\s+{AND_HALF})?"
)
SHELF_MAX_DAYS = 36_500


def read_shelf_life(typed: str) -> int | None:
    """How long goods keep, in days, as people say it; None for an empty text. A bare number is days.

    A month counts 30 days and twelve months 365, so that what is promised is never longer than what was said.

    >>> read_shelf_life("12 tháng"), read_shelf_life("6 thang"), read_shelf_life("năm rưỡi"), read_shelf_life("90")
    (365, 180, 545, 90)
    """
    text = _tidy(typed)
    if not text:
        return None
    if re.fullmatch(r"\d{1,5}", text):
        return _shelf(Fraction(int(text)))
    match = _SHELF.fullmatch(text)
    if match is None:
        raise Invalid(
            N_("Chưa đọc được hạn dùng “%(typed)s”."), remedy=N_("Viết 7 ngày, 6 tháng hoặc 1 năm."),
            field="shelf_life_days", typed=typed[:40],
        )  # fmt: skip
    many = (_figure(match["figure"]) if match["figure"] else Fraction(1)) + Fraction(
        1 if match["half"] else 0, 2
    )
    if match["word"] in ("thang", "month", "months"):
        years, months = divmod(many, 12)
        return _shelf(Fraction(years * 365) + months * 30)
    if match["word"] in ("nam", "year", "years"):
        years, part = divmod(many, 1)
        return _shelf(Fraction(years * 365) + int(part * 12) * 30)
    return _shelf(many * _DAYS[match["word"]])


def _shelf(days: Fraction) -> int:
    whole = int(days)
    if not 1 <= whole <= SHELF_MAX_DAYS:
        raise Invalid(
            N_("Hạn dùng từ 1 ngày đến 100 năm."),
            remedy=N_("Viết 7 ngày, 6 tháng hoặc 1 năm."),
            field="shelf_life_days",
        )
    return whole


def say_shelf_life(days: int) -> tuple[int, str]:
    """A shelf life as people say it: (12, 'tháng'), (7, 'ngày'). The word is a message id.

    >>> say_shelf_life(365), say_shelf_life(180), say_shelf_life(45)
    ((12, 'tháng'), (6, 'tháng'), (45, 'ngày'))
    """
    years, rest = divmod(days, 365)
    if rest % 30 == 0 and rest < 360 and days >= 30:
        return years * 12 + rest // 30, N_("tháng")
    return days, N_("ngày")


# ---- seasons ----

ALL_YEAR = 4095


def in_season(mask: int, day: date) -> bool:
    """Whether a harvest mask (bit 0 January … bit 11 December) holds a day's month. An empty mask says nothing.

    >>> in_season(0b10000000001, date(2026, 11, 22)), in_season(0b10000000001, date(2026, 12, 1))
    (True, False)
    """
    return _holds(mask, day.month)


def _holds(mask: int, month: int) -> bool:
    return bool(mask >> (month - 1) & 1)


def season_changes_on(mask: int, day: date) -> date | None:
    """The first day after `day` on which `in_season` answers differently; None for an empty mask and for all year.

    >>> season_changes_on(0b10000000001, date(2026, 11, 22))
    datetime.date(2026, 12, 1)
    """
    if mask in (0, ALL_YEAR):
        return None
    now, year, month = in_season(mask, day), day.year, day.month
    while _holds(mask, month) == now:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, 1)


def mask_of(months: list[int] | tuple[int, ...]) -> int:
    """A mask from month numbers. Raises Invalid for a number that is no month."""
    mask = 0
    for month in months:
        if not 1 <= month <= 12:
            raise Invalid(N_("Chọn các tháng từ 1 đến 12."), field="harvest_months")
        mask |= 1 << (month - 1)
    return mask


def months_of(mask: int) -> list[int]:
    """The months of a mask, from January.

    >>> months_of(0b100000000011)
    [1, 2, 12]
    """
    return [month for month in range(1, 13) if _holds(mask, month)]


def month_spans(mask: int) -> list[tuple[int, int]]:
    """The months of a mask as spans that may run over the new year: [(11, 2)] for November to February.

    >>> month_spans(0b110000000011), month_spans(0b10)
    ([(11, 2)], [(2, 2)])
    """
    if mask in (0, ALL_YEAR):
        return [(1, 12)] if mask else []
    starts = [month for month in months_of(mask) if not _holds(mask, (month - 2) % 12 + 1)]
    spans = []
    for first in starts:
        last = first
        while _holds(mask, last % 12 + 1):
            last = last % 12 + 1
        spans.append((first, last))
    return spans
