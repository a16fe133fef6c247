"""Left-overs of Telex and VNI typing: "daauf" and "dau62" were meant to be "dầu", and the keyboard was off.

A word is decoded only where it cannot be a Vietnamese syllable as it stands and is one once decoded; so "max" and
"coffee" stay what they are. The keys are those of the two common input methods (Telex: aa aw ee oo ow uw dd, s f r x
j; VNI: digits 1–9).
"""

import re
import unicodedata

from core.text import fold

_ONSETS = "ngh|ng|nh|th|tr|ch|ph|kh|gh|gi|qu|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"  # the last is no onset at all
_RIMES = (
    "a|e|i|o|u|y|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|ua|ue|ui|uo|uu|uy|ye|oai|oay|oeo|uay|uoi|uou|ieu|yeu|uya|uyu|uyen|"
    "uyet|uych|uynh|uych"
)
_SYLLABLE = re.compile(
    rf"(?:{_ONSETS})(?:{_RIMES}|(?:a|e|i|o|u|y|ie|ye|oa|oe|ua|ue|uo|uy|uye)(?:ch|nh|ng|c|k|m|n|p|t))$"  # k: Đắk, Lắk
)
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_HAT, _HORN, _BREVE = "\u0302", "\u031b", "\u0306"
_DOUBLES = (("uow", "ươ"), ("uwow", "ươ"), ("aa", "â"), ("aw", "ă"), ("ee", "ê"), ("oo", "ô"), ("ow", "ơ"), ("uw", "ư"),
            ("dd", "đ"))  # fmt: skip


def is_syllable(word: str) -> bool:
    """Whether a word, marks aside, is built as a Vietnamese syllable.

    >>> is_syllable("miến"), is_syllable("mieens"), is_syllable("oil")
    (True, False, False)
    """
    return bool(_SYLLABLE.match(fold(word)))


def decode(word: str) -> str:
    """The word that was meant, or the word itself.

    >>> [decode(word) for word in ("daauf", "mieens", "ddawks", "que61", "coffee", "sả")]
    ['dầu', 'miến', 'đắk', 'quế', 'coffee', 'sả']
    """
    if not word.isascii() or is_syllable(word):
        return word
    for read in (_telex, _vni):
        found = read(word)
        if found != word and is_syllable(found):
            return found
    return word


def _telex(word: str) -> str:
    tone = ""
    found = word
    for place in range(len(word) - 1, 0, -1):
        if word[place] in _TELEX_TONES and re.search("[aeiouyw]", word[:place]):
            tone, found = _TELEX_TONES[word[place]], word[:place] + word[place + 1 :]
            break
    for typed, meant in _DOUBLES:
        found = found.replace(typed, meant)
    if "w" in found:  # may stand at the end: "ruowngf", "nuocws"
        bare = found.replace("w", "", 1)
        for typed, meant in (("uo", "ươ"), ("o", "ơ"), ("u", "ư"), ("a", "ă")):
            if typed in bare:
                found = bare.replace(typed, meant, 1)
                break
    # so may the second letter of a double: "dauaf", "miense"
    late = re.match(r"^(.*?)([aeo])([^aeo]+)\2$", found)
    if late and not is_syllable(found):
        found = f"{late[1]}{dict(zip('aeo', 'âêô', strict=True))[late[2]]}{late[3]}"
    return _with_tone(found, tone)


def _vni(word: str) -> str:
    digits = re.sub(r"\D", "", word)
    if not digits or word[0].isdigit() or len(digits) > 3:
        return word
    tone, out = "", ""
    for letter in word:
        if letter in _VNI_TONES:
            tone = _VNI_TONES[letter]
        elif letter == "9":
            out = re.sub("d", "đ", out, count=1)
        elif letter in "678":
            mark = {"6": _HAT, "7": _HORN, "8": _BREVE}[letter]
            vowels = {"6": "aeo", "7": "ou", "8": "a"}[letter]
            at = max((out.rfind(vowel) for vowel in vowels), default=-1)
            out = out[: at + 1] + mark + out[at + 1 :] if at >= 0 else out
            if letter == "7":
                out = out.replace("uo" + mark, "u" + mark + "o" + mark)
        else:
            out += letter
    return _with_tone(unicodedata.normalize("NFC", out), tone)


def _with_tone(word: str, tone: str) -> str:
    """Put a tone where Vietnamese writes it: on the marked vowel, else the last before a consonant, else the first."""
    if not tone:
        return unicodedata.normalize("NFC", word)
    start = 2 if word.startswith(("qu", "gi")) and len(word) > 2 and fold(word[2]) in tuple("aeiouy") else 0
    vowels = [place for place in range(start, len(word)) if fold(word[place]) in tuple("aeiouy")]
    if not vowels:
        return word
    marked = [place for place in vowels if word[place] in "âăêôơư"]
    closed = vowels[-1] < len(word) - 1
    if marked:
        at = marked[-1]
    elif closed or (len(vowels) == 2 and fold(word[vowels[0] : vowels[1] + 1]) in ("oa", "oe", "uy")):
        at = vowels[-1]
    else:
        at = vowels[1] if len(vowels) == 3 else vowels[0]
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])
