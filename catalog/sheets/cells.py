"""One cell of a table as people type it, read strictly: a value, or a sentence that says what is wrong. Pure functions.

A cell is a text, a number or nothing. Dates come as 'dd/mm/yyyy'; what a spreadsheet could not work out comes as its
own error text ('#N/A'), and a formula that was never worked out as NO_RESULT.
"""

import re
from datetime import date, timedelta

from catalog.measures.rules import read_measure, read_shelf_life
from core.errors import Invalid
from core.i18n import N_
from core.money import PRICE_MAX_VND
from core.text import clean, fold

Cell = str | int | float | None
NO_RESULT = "#FORMULA!"
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", NO_RESULT}
)
_MONEY = re.compile(r"(đồng|vnđ|vnd|đ|₫|dong|\s)|/(gói|goi|hộp|hop|chai|kg|cái|cai|lọ|lo|túi|tui)$")
_BIG = {
    "k": 1_000,
    "n": 1_000,
    "ngàn": 1_000,
    "nghìn": 1_000,
    "ngan": 1_000,
    "nghin": 1_000,
    "tr": 1_000_000,
    "triệu": 1_000_000,
    "trieu": 1_000_000,
}
_SPREADSHEET_ERA = date(1899, 12, 30)  # Excel's day 1 is 1 January 1900, and it believes in 29 February 1900
CHEAP_VND = 1_000
UNITS = {"kg": "kg", "g": "g", "ml": "ml", "l": "lít", "piece": "cái"}


def is_blank(value: Cell) -> bool:
    """Whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def text(value: Cell, *, lines: bool = False) -> str:
    """A cell as text, NFC and trimmed; a whole number without its '.0'. Raises Invalid for a spreadsheet's error."""
    if isinstance(value, str) and value.strip() in _ERRORS:
        if value.strip() == NO_RESULT:
            raise Invalid(
                N_("công thức chưa có kết quả"), remedy=N_("mở bằng Excel rồi lưu lại, hoặc gõ số vào ô")
            )
        raise Invalid(N_("Excel báo lỗi %(error)s"), remedy=N_("sửa công thức trong ô"), error=value.strip())
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else repr(value).replace(".", ",")
    found = "" if value is None else clean(str(value), lines=lines)
    return found[1:] if re.match(r"'[=+\-@]", found) else found  # as our own tables guard it


def price(value: Cell, *, thousands: bool = False) -> int:
    """Whole đồng from 1 to a billion: 65000, '65.000', '65,000 đ', '65k', '1,2 triệu'. thousands: as the heading says.

    >>> price("65.000"), price("65,000 đ"), price(65000.0), price("1,2 triệu"), price(65, thousands=True)
    (65000, 65000, 65000, 1200000, 65000)

    Raises Invalid.
    """
    amount = _amount(value, thousands)
    if amount < 0:
        raise Invalid(N_("giá âm"), remedy=N_("ghi từ 1 đồng trở lên"))
    if amount == 0:
        raise Invalid(N_("giá 0 đồng"), remedy=N_("ghi từ 1 đồng trở lên"))
    if amount > PRICE_MAX_VND:
        raise Invalid(N_("giá trên 1 tỷ đồng"), remedy=N_("xem lại số không ở cuối"))
    return amount


def _amount(value: Cell, thousands: bool) -> int:
    times = 1_000 if thousands else 1
    if isinstance(value, int | float):
        return _whole_vnd(round(max(-1e12, min(1e12, value)) * times * 1_000), 1_000)
    bare = _MONEY.sub("", text(value).casefold())
    if match := re.fullmatch(rf"(-?)(\d{{1,7}})(?:[.,](\d{{1,3}}))?({'|'.join(_BIG)})", bare):
        part = int((match[3] or "0").ljust(3, "0"))
        size = (int(match[2]) * 1_000 + part) * _BIG[match[4]]
        return _whole_vnd(-size if match[1] else size, 1_000)
    bare = re.sub(r"^(-?\d{1,3}(?:\.\d{3})+),0{1,2}$|^(-?\d{1,3}(?:,\d{3})+)\.0{1,2}$", r"\1\2", bare)
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", bare):
        bare = re.sub("[.,]", "", bare)
        times = 1 if len(bare) > 4 else times  # nobody sells for millions of thousands
    if match := re.fullmatch(r"(-?\d{1,12})[.,](\d{1,2})", bare):
        return _whole_vnd(int(match[1] + match[2].ljust(2, "0")) * times, 100)
    if not re.fullmatch(r"-?\d{1,15}", bare):
        raise Invalid(
            N_("chưa đọc được số tiền “%(typed)s”"),
            remedy=N_("viết 65000 hoặc 65.000"),
            typed=text(value)[:40],
        )
    return int(bare) * times


def _whole_vnd(amount: int, parts: int) -> int:
    """An amount counted in parts of a đồng, as whole đồng."""
    if amount % parts:
        raise Invalid(N_("giá có phần lẻ của đồng"), remedy=N_("làm tròn, ví dụ 65000"))
    return amount // parts


def is_cheap(amount_vnd: int) -> bool:
    """Whether a price is so low that a thousands point may have been lost on the way (Excel reads '65.000' as 65)."""
    return amount_vnd < CHEAP_VND


def measure(value: Cell, unit: str = "", *, heading_unit: str = "") -> tuple[int, str, str]:
    """A net quantity: whole grams, millilitres or pieces, the unit, and how a label says it.

    unit: of the row's own unit column ('kg', 'lạng', 'Gói'); heading_unit: of the heading ('kg').

    >>> measure("1,5 kg"), measure(500, "g"), measure(0.5, heading_unit="kg")
    ((1500, 'g', '1,5 kg'), (500, 'g', '500 g'), (500, 'g', '500 g'))

    Raises Invalid.
    """
    typed = text(value)
    found = _measured(typed, unit) if unit else None
    if found is None:
        found = _read(typed, UNITS.get(heading_unit, "") or unit)
    return found.quantity, str(found.unit), found.label


def _measured(typed: str, unit: str):  # type: ignore[no-untyped-def]
    """With the row's own unit put behind a bare number; None where the text has a unit already."""
    if not re.fullmatch(r"[\d.,/ ]+", typed):
        return None
    return _read(f"{typed} {unit}", "")


def _read(typed: str, default: str):  # type: ignore[no-untyped-def]
    try:
        return read_measure(typed, default)
    except Invalid as error:
        if re.fullmatch(r"[\d.,/ ]+", typed) and not default:
            raise Invalid(
                N_("lượng “%(typed)s” chưa có đơn vị"),
                remedy=N_("viết 500 g, 1,5 kg, 10 ml hoặc 1 cái"),
                typed=typed[:40],
            ) from error
        raise Invalid(
            N_("chưa đọc được lượng “%(typed)s”"),
            remedy=N_("viết 500 g, 1,5 kg, 10 ml hoặc 1 cái"),
            typed=typed[:40],
        ) from error


def grams(value: Cell, *, heading_unit: str = "") -> int:
    """A weight in whole grams, up to 100 kg; a bare number is grams unless the heading says kilograms."""
    quantity, unit, _label = measure(value, heading_unit=heading_unit or "g")
    if unit != "g" or quantity > 100_000:
        raise Invalid(
            N_("cân nặng cả bì “%(typed)s” không hợp lý"),
            remedy=N_("viết từ 1 g đến 100 kg"),
            typed=text(value)[:40],
        )
    return quantity


def days(value: Cell) -> int:
    """A shelf life in days: 365, '12 tháng', '1 năm'. Raises Invalid."""
    typed = text(value)
    try:
        found = read_shelf_life(typed)
    except Invalid as error:
        raise Invalid(
            N_("chưa đọc được hạn dùng “%(typed)s”"),
            remedy=N_("viết 7 ngày, 6 tháng hoặc 1 năm"),
            typed=typed[:40],
        ) from error
    if found is None:
        raise Invalid(N_("hạn dùng trống"), remedy=N_("viết 7 ngày, 6 tháng hoặc 1 năm"))
    return found


def day(value: Cell) -> date | None:
    """A day as people write it ('31/12/2027', '31-12-27', '2027-12-31') or as Excel counts it (46387); else None."""
    if isinstance(value, int | float):
        return _SPREADSHEET_ERA + timedelta(days=int(value)) if 30_000 <= value <= 80_000 else None
    typed = text(value)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", typed):
        year = int(match[3])
        return _day(year + 2000 if year < 100 else year, int(match[2]), int(match[1]))
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def must_be_day(value: Cell) -> date:
    """A day. Raises Invalid."""
    found = day(value)
    if found is None:
        raise Invalid(
            N_("chưa đọc được ngày “%(typed)s”"),
            remedy=N_("viết ngày/tháng/năm, ví dụ 31/12/2026"),
            typed=text(value)[:40],
        )
    return found


def barcode(value: Cell) -> str:
    """A barcode's digits. Raises Invalid where Excel has rounded it away."""
    typed = text(value)
    if re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", typed):
        raise Invalid(
            N_("Excel đã rút gọn mã vạch thành %(typed)s"),
            remedy=N_("định dạng cột là Văn bản rồi chép lại đủ 13 số"),
            typed=typed,
        )
    digits = re.sub(r"[\s.-]", "", typed)
    if not re.fullmatch(r"\d{13}|0\d{13}", digits):
        raise Invalid(
            N_("mã vạch “%(typed)s” không đủ 13 chữ số"),
            remedy=N_("chép dãy số dưới các vạch"),
            typed=typed[:40],
        )
    return digits[-13:]


def stars(value: Cell) -> int | None:
    """OCOP stars: 3, '4 sao', '★★★★★'; 0 or 'chưa có' is none. Raises Invalid."""
    typed = fold(text(value))
    if typed in ("0", "khong", "chua", "chua co", "-"):
        return None
    count = typed.count("★") + typed.count("⭐") + typed.count("*")
    match = re.fullmatch(r"([345])(\s*sao)?", typed.replace("ocop", "").strip())
    if match:
        return int(match[1])
    if 3 <= count <= 5 and len(typed) == count:
        return count
    raise Invalid(
        N_("sao OCOP “%(typed)s” không có"),
        remedy=N_("ghi 3, 4 hoặc 5, hoặc để trống"),
        typed=text(value)[:40],
    )


def months(value: Cell) -> list[int]:
    """Months of harvest: '10, 11, 12', '10-12', 'tháng 11 đến tháng 2', 'quanh năm'. Raises Invalid."""
    typed = re.sub(r"\b(thang|t)\s*(?=\d)", "", fold(text(value)))
    if typed in ("quanh nam", "ca nam"):
        return list(range(1, 13))
    found: list[int] = []
    for part in re.split(r"\s*(?:[,;+]|\bva\b)\s*", re.sub(r"\s*(?:-|–|\bden\b|\btoi\b)\s*", "-", typed)):
        first, _dash, last = part.partition("-")
        if not (
            first.isdecimal()
            and 1 <= int(first) <= 12
            and (not last or (last.isdecimal() and 1 <= int(last) <= 12))
        ):
            raise Invalid(
                N_("chưa đọc được tháng “%(typed)s”"),
                remedy=N_("viết 10, 11, 12 hoặc 10-12"),
                typed=text(value)[:40],
            )
        month = int(first)
        found.append(month)
        while last and month != int(last):
            month = month % 12 + 1
            found.append(month)
    return sorted(set(found))


def names(value: Cell) -> list[str]:
    """File names in one cell, apart by ; , | or new lines; a folder before a name is dropped."""
    parts = re.split(r"[;,|\n]", text(value, lines=True))
    return [name for part in parts if (name := part.strip().replace("\\", "/").rpartition("/")[2])]
