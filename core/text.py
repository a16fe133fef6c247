"""Vietnamese text as people type it: normalised on the way in, folded only for matching."""

import re
import unicodedata

# Invisible direction and joining marks: they let one name look like another, and no Vietnamese text needs them.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(r"\w+")


def clean(value: str, *, lines: bool = False) -> str:
    """NFC, without control and direction marks; one line unless `lines`, spaces collapsed and trimmed.

    >>> clean("Tinh  dâ\\u0300u\\u202e sả ")
    'Tinh dầu sả'
    """
    value = _CONTROL.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", value)))
    if not lines:
        return " ".join(value.split())
    rows = (" ".join(row.split()) for row in value.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()


def fold(value: str) -> str:
    """Marks off, đ to d, lower case: for matching only, never for showing.

    >>> fold("Tinh dầu QUẾ Đắk Nông")
    'tinh dau que dak nong'
    """
    bare = unicodedata.normalize("NFD", value.casefold()).replace("đ", "d")
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def has_marks(value: str) -> bool:
    """Whether the text, as typed, carries Vietnamese marks or đ."""
    return fold(value) != " ".join(unicodedata.normalize("NFC", value).casefold().split())


def words(value: str) -> list[str]:
    """The words of a text, NFC and lower case."""
    return _WORD.findall(unicodedata.normalize("NFC", value).casefold())


def slugify(value: str, *, longest: int = 80) -> str:
    """A path segment: folded words joined by hyphens, cut at a word.

    >>> slugify("Tinh dầu sả chanh, 10 ml")
    'tinh-dau-sa-chanh-10-ml'
    """
    slug = ""
    for word in re.findall(r"[a-z0-9]+", fold(value)):
        if len(slug) + len(word) + 1 > longest:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or "muc"
