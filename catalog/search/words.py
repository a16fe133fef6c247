"""Words as the search knows them: lower case, NFC, an apostrophe inside a name closed up (M'Nông → mnông)."""

import re
import unicodedata

from core.text import fold

_APOSTROPHE = re.compile(r"(?<=\w)['’‘`ʼ´](?=\w)")
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, with their marks.

    >>> words("Cà phê M'Nông, 500 g")
    ['cà', 'phê', 'mnông', '500', 'g']
    """
    return _WORD.findall(_APOSTROPHE.sub("", unicodedata.normalize("NFC", text).casefold()))


def folded_words(text: str) -> list[str]:
    """The same without marks.

    >>> folded_words("Đắk R'Lấp")
    ['dak', 'rlap']
    """
    return _WORD.findall(fold(_APOSTROPHE.sub("", unicodedata.normalize("NFC", text))))
