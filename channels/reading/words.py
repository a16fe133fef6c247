"""Words of orders as people type them, folded: numbers, containers, verbs, questions; from common usage, by us."""

import re
import unicodedata
from dataclasses import dataclass

from core.text import fold

_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "đôi": 2,
    "cặp": 2, "one": 1, "two": 2, "three": 3,
}  # fmt: skip
NUMBERS = {fold(word): value for word, value in _NUMBERS.items()}
_MARKED = {fold(word): word for word in _NUMBERS}
_CONTAINERS = """goi chai hop tui lo hu cai con bich set combo thung lang can kg cay bo phan suat hang ve qua trai
    mieng banh xau day pack bag box bottle"""
CONTAINERS = frozenset(_CONTAINERS.split())
_ORDERING = "chốt lấy đặt mua order thêm ship gửi gom xin take want"
ORDERING = {fold(word): word for word in _ORDERING.split()}
_FOR_ME = re.compile(r"\b(?:cho|de) (?:em|e|minh|m|chi|c|anh|a|co|bac|toi|to)\b")
_IS_IT = re.compile(
    r"\b(?:con|co|duoc|dc)\b[^|]{0,30}\b(?:khong|ko|hong|hok|hem)\b"
    r"|\b(?:khong|ko)(?: (?:shop|a|vay|the|nhi|em|chi|ban))? \|?$"
)
ASKING = (
    "bao nhieu", "bn", "nhiu", "con khong", "con hang khong", "con ko", "con k", "con hok", "gia sao", "gia the nao",
    "the nao", "co khong", "duoc khong", "duoc ko", "dc ko", "dc k", "gia bn", "may tien", "ngon khong", "ngon ko",
    "ship khong", "ship ko", "freeship khong", "co ship", "han su dung", "hsd", "xuat xu", "o dau", "khi nao",
    "bao gio", "bao lau", "cho hoi", "minh hoi", "em hoi", "hoi chut",
    "gia", "con hang ko", "loai nao", "how much", "is it", "do you", "con size",
)  # fmt: skip
CANCELLING = ("huy", "khong lay nua", "ko lay nua", "k lay nua", "khong lay", "ko lay", "bo don", "cancel",
              "khong mua nua", "thoi khong", "thoi ko", "bot")  # fmt: skip
_PRAISING = "ngon thom dep thich qua tuyet wow hay khen chuan ung ho mung camon lam"
PRAISING = frozenset(_PRAISING.split())
_COMMON = """minh con em anh chi co chu bac cho nha nhe oi a ah ban bao shop ve nua voi va lai toi tui to c e m s ong ba
    goi chai hop tui lo hu cai bich set combo kg g gr gram ml lit loai sach ngon tuoi kho nguyen chat thien nhien truyen
    thong dac san xa tinh huyen phuong so duong nui rung xanh do trang vang den nho lon moi cu hang nay kia the la khong
    ko k di dc duoc roi het lun luon ngay mai hom qua day dau xin cam on thom gia vi hat thuong nhat hai bon nam sau bay
    tam chin muoi mot an uong lam mua dat chot lay them order cua trong chuc"""
COMMON = frozenset(_COMMON.split())  # alone they name nothing: part of many names, and of every sentence
_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number of a text. marked: as typed, NFC and lower case. folded: without marks. capital: it begins
    with a capital as names do, which a word shouted whole does not. joined: one space stands before it, nothing else.
    """

    marked: str
    folded: str
    start: int
    end: int
    capital: bool = False
    joined: bool = False

    @property
    def value(self) -> int | None:
        """A number in digits or as a word; "bà" is not "ba"."""
        if self.folded in NUMBERS:
            return NUMBERS[self.folded] if fits(self, _MARKED[self.folded], self.folded) else None
        return self.number or None

    @property
    def number(self) -> int | None:
        """A whole number written in digits, at most three of them; None else."""
        return int(self.folded) if self.folded.isdigit() and len(self.folded) <= 3 else None


def tokens(text: str) -> list[Token]:
    """Words and numbers of a text in NFC; "2m1" is "2", "m", "1", so codes are looked for in the text itself.

    >>> [one.folded for one in tokens("Lấy 2 gói Miến")]
    ['lay', '2', 'goi', 'mien']
    """
    text = unicodedata.normalize("NFC", text)
    return [
        Token(
            found[0].casefold(),
            fold(found[0]),
            found.start(),
            found.end(),
            found[0].istitle(),
            _joined(text, found.start()),
        )
        for found in _TOKEN.finditer(text)
    ]


def _joined(text: str, start: int) -> bool:
    """Whether a word follows another with one space between: no comma, no new line."""
    return start > 1 and text[start - 1] == " " and text[start - 2].isalnum()


def orders(text: str) -> bool:
    """Whether a verb of ordering is in it: "chốt", "lấy", "cho em"; "đắt" is not "đặt"."""
    found = (
        fits(token, ORDERING[token.folded], token.folded)
        for token in tokens(text)
        if token.folded in ORDERING
    )
    return any(found) or bool(_FOR_ME.search(fold(text)))


def asks(text: str) -> bool:
    """Whether it asks something."""
    line = spoken(text)
    return "?" in text or any(f" {phrase} " in line for phrase in ASKING) or bool(_IS_IT.search(line.strip()))


def cancels(text: str) -> bool:
    """Whether it takes an order back."""
    return any(f" {phrase} " in spoken(text) for phrase in CANCELLING)


def spoken(text: str) -> str:
    """Folded words with one space around each, "|" where a sentence or a part of it ends."""
    return f" {' '.join('|' if one in '?,.;!' else one for one in re.findall(r'[a-z]+|[0-9]+|[?,.;!]', fold(text)))} "


def fits(token: Token, marked: str, folded: str) -> bool:
    """Whether a typed word means a word of ours: the same without marks; where marks were typed, with them.

    >>> fits(tokens("mình")[0], "minh", "minh"), fits(tokens("minh")[0], "minh", "minh")
    (False, True)
    """
    return token.folded == folded and (token.marked == token.folded or token.marked == marked)
