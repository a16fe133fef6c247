"""Numbers as people say them, in Vietnamese and English, for those who read figures with effort and for listening."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu")
BILLION = 1_000_000_000
MOST = 10**18  # exclusive; a million times what tag 54 of a VietQR can say


def vietnamese(value: int) -> str:
    """A whole number in Vietnamese words, standard northern speech: nghìn, lẻ, mốt, tư, lăm.

    Groups of three; a group after the first is read in full (không trăm lẻ năm). Above a billion the whole is said in
    front of "tỷ". Raises ValueError beyond ±10^18.

    >>> vietnamese(31420), vietnamese(21), vietnamese(105), vietnamese(1_000_005)
    ('ba mươi mốt nghìn bốn trăm hai mươi', 'hai mươi mốt', 'một trăm lẻ năm', 'một triệu không trăm lẻ năm')
    """
    if abs(value) >= MOST:
        raise ValueError(f"{value} is beyond what is ever said")
    if value < 0:
        return f"âm {vietnamese(-value)}"
    if value >= BILLION:
        whole, rest = divmod(value, BILLION)
        return " ".join(filter(None, (vietnamese(whole), "tỷ", _million(rest, full=True) if rest else "")))
    return _million(value, full=False)


def _million(value: int, *, full: bool) -> str:
    """Below a billion. full: something was said before, so that hundreds of the first group are said even if none."""
    if value < 10 and not full:
        return _DIGITS[value]
    groups = [value // 1_000_000, value // 1000 % 1000, value % 1000]
    said: list[str] = []
    for place, group in zip((2, 1, 0), groups, strict=True):
        if group:
            said += [_hundreds(group, full=full or bool(said)), _SCALES[place]]
    return " ".join(word for word in said if word)


def _hundreds(value: int, *, full: bool) -> str:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    said: list[str] = []
    if hundreds or full:
        said += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            said += ["lẻ", _DIGITS[ones]] if said else [_DIGITS[ones]]
        return " ".join(said)
    said += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones:
        said.append(_last(tens, ones))
    return " ".join(said)


def _last(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    if tens > 1 and ones in (1, 4):
        return {1: "mốt", 4: "tư"}[ones]
    return _DIGITS[ones]


_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = (
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_GROUPS = (
    (10**15, "quadrillion"), (10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"),
)  # fmt: skip


def english(value: int) -> str:
    """A whole number in English words. Raises ValueError beyond ±10^18.

    >>> english(31420), english(-105)
    ('thirty-one thousand four hundred and twenty', 'minus one hundred and five')
    """
    if abs(value) >= MOST:
        raise ValueError(f"{value} is beyond what is ever said")
    if value < 0:
        return f"minus {english(-value)}"
    if value < 1000:
        return _small(value)
    said: list[str] = []
    for size, name in _GROUPS:
        if value >= size:
            said += [_small(value // size), name]
            value %= size
    if value:
        said += ["and", _small(value)] if value < 100 else [_small(value)]
    return " ".join(said)


def _small(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f"-{_ONES[value % 10]}" if value % 10 else "")
    rest = f" and {_small(value % 100)}" if value % 100 else ""
    return f"{_ONES[value // 100]} hundred{rest}"


def spoken_vnd(amount_vnd: int, code: str = "vi") -> str:
    """An amount in words: 'ba mươi mốt nghìn bốn trăm hai mươi đồng'."""
    return f"{english(amount_vnd)} dong" if code == "en" else f"{vietnamese(amount_vnd)} đồng"


def spoken_weight(grams: int, code: str = "vi") -> str:
    """A weight in words: kilograms, and the rest in grams.

    >>> spoken_weight(42_800)
    'bốn mươi hai ki-lô-gam tám trăm gam'
    """
    whole, rest = divmod(abs(grams), 1000)
    say, kilo, gram = vietnamese, "ki-lô-gam", "gam"
    if code == "en":
        say, kilo, gram = english, "kilogram" + "s" * (whole != 1), "gram" + "s" * (rest != 1)
    parts = [f"{say(whole)} {kilo}" if whole else "", f"{say(rest)} {gram}" if rest or not whole else ""]
    sign = ("minus " if code == "en" else "âm ") if grams < 0 else ""
    return sign + " ".join(part for part in parts if part)
