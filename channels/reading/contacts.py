"""Who writes and where it goes: phone, address and name out of a message. Pure functions; a person looks over it.

The place is only cut out here; which commune of today it is, `places.queries.find_address` says.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.rules import normalise_phone
from core.errors import Invalid
from core.text import clean, fold

_PHONE = re.compile(r"(?<![\d.,])(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)")
_CALL = re.compile(
    r"(?i)\b(?:sđt|sdt|số điện thoại|so dien thoai|đt|dt|tel|phone|zalo|số zalo)\s*[:.\-]?\s*(?=\n|$)"
)
_LABEL = re.compile(
    r"(?:dia chi(?: nhan(?: hang)?)?|d/c|dc|ship (?:ve|toi|den|qua)|gui (?:ve|toi|den|qua)|giao (?:ve|toi|den|qua)|"
    r"nha (?:em|minh|chi|anh|toi)? ?o|noi nhan|address)\s*(?:la|:|-)?\s*"
)
_NAME_LABEL = re.compile(
    r"(?:ten(?: nguoi nhan| em la| minh la| chi la| anh la| la)?|ng(?:uoi)? nhan|nguoi nhan|name|em la|minh la|chi la|"
    r"anh la|toi la|(?:ship|gui|giao) cho(?: minh| em| chi| anh| c| e| a| m)?)(?![a-z])\s*[:\-]?\s*"
)
_COMMUNE = r"(?:xa|phuong|thi tran|dac khu|tt|p|x)[\s.]"
_KIND = re.compile(
    rf"^(?:{_COMMUNE}|(?:huyen|quan|tinh|thanh pho|thi xa|tp|tx|q|h|t)[\s.]|"
    r"(?:so nha|so|ngo|ngach|hem|duong|pho|thon|ban|to|xom|khu|ap|khoi|tdp|toa|chung cu|cc|can ho|kdt|kcn|lo|tang)\s)"
)
_NUMBERED = re.compile(r"^\d+[a-z]?(?:/\d+)*\s+[a-z]")
_PIECE = re.compile(
    r"[\n,;|]+|(?<=\w{3})\.\s+|\s+(?=\d{1,2}\s*(?:gói|chai|hộp|túi|lọ|hũ|cái|cân|kg|goi|hop|tui|lo|hu|cai|can)\b)"
)
_FROM_COMMUNE = re.compile(rf"(?<![a-z]){_COMMUNE}\s*")
_TITLED = re.compile(r"(?<!\w)(?:chị|anh|cô|chú|bác|em|c|a|e)\s+((?:[^\W\d_]+\s?){1,4})", re.IGNORECASE)
_CONTAINED = re.compile(
    r"^\d+\s+(?:[a-z]+ )?(?:goi|chai|hop|tui|lo|hu|cai|can|kg|con|bo|cay|set|thung|mieng)\b"
)


@dataclass(frozen=True, slots=True)
class Contact:
    """What a message says of its buyer. phone: E.164. address_line: house and street. place: commune and up, as typed.
    rest: what is left, where goods may be named.
    """

    phone: str = ""
    name: str = ""
    address_line: str = ""
    place: str = ""
    rest: str = ""


def read_contact(
    text: str, names_province: Callable[[str], bool], is_goods: Callable[[str], bool]
) -> Contact:
    """Phone, name and address of a message.

    names_province: whether a folded text is a province's name of any day. is_goods: whether a piece of text names
    goods: it is then neither an address nor a name.
    """
    text = clean(unicodedata.normalize("NFC", text), lines=True)
    phone, rest = _take_phone(text)
    pieces = [piece.strip(" .-–:") for piece in _PIECE.split(rest)]
    pieces = [piece for piece in pieces if piece]
    line, place, used = _address(pieces, names_province, is_goods)
    others = [piece for number, piece in enumerate(pieces) if number not in used]
    return Contact(phone, _name(others, is_goods), line, place, "\n".join(others))


def _take_phone(text: str) -> tuple[str, str]:
    """The first number that is a telephone's, and the text with every such number as a line's end."""
    found = ""
    for hit in _PHONE.finditer(text):
        try:
            number = normalise_phone(hit[0])
        except Invalid:
            continue
        found = found or number
        text = text.replace(hit[0], "\n", 1)
    return found, _CALL.sub("", text)


def _address(
    pieces: Sequence[str], names_province: Callable[[str], bool], is_goods: Callable[[str], bool]
) -> tuple[str, str, set[int]]:
    """House and street, place, and which pieces they were: from the first that looks like one to the last."""
    first, label_end = _first(pieces, is_goods)
    if first is None:
        return "", "", set()
    last = first
    for number in range(first + 1, len(pieces)):
        is_place = names_province(fold(pieces[number])) or _is_kind(pieces[number], is_goods)
        if not is_place and not _may_go_on(pieces, number, names_province, is_goods):
            break
        last = number
    whole = [pieces[first][label_end:].strip(" :-"), *pieces[first + 1 : last + 1]]
    line, place = _split([piece for piece in whole if piece])
    return line, place, set(range(first, last + 1))


def _is_kind(piece: str, is_goods: Callable[[str], bool]) -> bool:
    """Whether a piece begins as an address does: "thôn …", "phường …", "25 Lý Thường Kiệt" (which no goods are)."""
    folded = f"{fold(piece)} "
    numbered = _NUMBERED.match(folded) and not _CONTAINED.match(folded) and not is_goods(piece)
    return bool(_KIND.match(folded)) or bool(numbered)


def _may_go_on(
    pieces: Sequence[str],
    number: int,
    names_province: Callable[[str], bool],
    is_goods: Callable[[str], bool],
) -> bool:
    """A name without its kind ("Na Rì") belongs to an address when a province or a kind follows."""
    if number + 1 >= len(pieces) or is_goods(pieces[number]):
        return False
    return names_province(fold(pieces[number + 1])) or _is_kind(pieces[number + 1], is_goods)


def _first(pieces: Sequence[str], is_goods: Callable[[str], bool]) -> tuple[int | None, int]:
    """Which piece an address begins with, and where in it a label such as "địa chỉ:" ends."""
    for number, piece in enumerate(pieces):
        if label := _LABEL.search(_in_place(piece)):
            return number, label.end()
    for number, piece in enumerate(pieces):
        if _is_kind(piece, is_goods):
            return number, 0
    for number, piece in enumerate(pieces):  # "nhà mình ở phường Cầu Giấy"
        if (inside := _FROM_COMMUNE.search(_in_place(piece))) and not is_goods(piece):
            return number, inside.start()
    return None, 0


def _in_place(text: str) -> str:
    return "".join(fold(letter)[:1] or " " for letter in text)


def _split(pieces: Sequence[str]) -> tuple[str, str]:
    """House and street apart from commune and up: at the first commune's kind, else before the last two or three."""
    for number, piece in enumerate(pieces):
        if inside := _FROM_COMMUNE.search(_in_place(piece)):
            head, tail = piece[: inside.start()].strip(" ,-"), piece[inside.start() :]
            return ", ".join(filter(None, [*pieces[:number], head])), ", ".join([tail, *pieces[number + 1 :]])
    if len(pieces) <= 1:
        return ("", pieces[0]) if pieces else ("", "")
    keep = 3 if len(pieces) >= 4 else 2
    return ", ".join(pieces[:-keep]), ", ".join(pieces[-keep:])


def _name(pieces: Sequence[str], is_goods: Callable[[str], bool]) -> str:
    for piece in pieces:
        label = _NAME_LABEL.match(_in_place(piece))
        if label and (said := piece[label.end() :].strip(" .:-")):
            return said[:120]
    for piece in pieces:
        if not is_goods(piece) and (whole := _capitalised(piece)):
            return whole[:120]
    for piece in pieces:
        if (titled := _TITLED.search(piece)) and (name := _capitalised(titled[1], most=False)):
            return name[:120]
    return ""


def _capitalised(text: str, *, most: bool = True) -> str:
    """A name: up to five words with capitals, after a title at most. most: the text must be nothing else."""
    spoken = text.split()
    if spoken and fold(spoken[0]) in ("chi", "anh", "co", "chu", "bac", "em", "c", "a", "e"):
        spoken = spoken[1:]
    named = []
    for word in spoken:
        if not (word[:1].isupper() and word.isalpha()):
            if most:
                return ""
            break
        named.append(word)
    return " ".join(named) if len(named) <= 5 else ""
