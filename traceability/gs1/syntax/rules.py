"""Element strings and Digital Link addresses: read, checked as GS1's dictionary asks, and written.

Three spellings are read: brackets as people print them, `(01)08931234567894(10)L1`; a Digital Link address (URI syntax
1.6); and what a scanner sends, with FNC1. Each gives its elements, or every fault with its place. `check` is reading
plus the associations: what must stand beside what, and what may not.

Sources: GS1 General Specifications 7.8 and 7.9, GS1 Digital Link URI Syntax 1.6, GS1 Barcode Syntax Dictionary.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import quote, quote_plus

from traceability.gs1.syntax import components, dictionary
from traceability.gs1.syntax.dictionary import Identifier
from traceability.gs1.syntax.faults import Fault

STEM = "https://id.gs1.org"
FNC1 = "\x1d"
LONGEST, ELEMENTS_MOST = 8191, 64
HOLDING = (
    "]C1",
    "]d2",
    "]Q3",
    "]e0",
    "]J1",
)  # marks of symbols that hold elements: the mark stands for the first FNC1
PLAIN = (
    "]Q1",
    "]d1",
    "]J0",
)  # marks of QR, DataMatrix and DotCode that hold any text: of it a Digital Link is read
RETAIL = {"]E0": 13, "]E4": 8}  # EAN-13 with UPC, and EAN-8: digits of the symbol
COMPOSITE = "|]e0"  # between an EAN symbol and the composite printed above it
_DIGITS = re.compile(r"[0-9]*", re.ASCII)  # a nameless parameter counts as a number that no identifier has
_SCHEME = re.compile(r"(?:https?|HTTPS?)://")
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_HOST_NEVER = re.compile(r"[_~?#@!$&'()*+,;=%]")
_HEX = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Element:
    """An identifier with its value. places: of its value's characters in the text as it came. path: its place in a
    Digital Link's path, None in the query and in the other spellings.
    """

    ai: str
    value: str
    at: int
    places: tuple[int, ...] = ()
    path: int | None = None

    @property
    def identifier(self) -> Identifier:
        """What the dictionary says of it."""
        return dictionary.identifier(self.ai)


@dataclass(frozen=True)
class Reading:
    """What a text says, as far as it can be read; it holds when there are no faults. split: how many elements stand
    before the bar of a composite symbol; None in all else.
    """

    elements: tuple[Element, ...]
    faults: tuple[Fault, ...]
    split: int | None = None

    @property
    def ok(self) -> bool:
        """Whether it is right as far as it was checked."""
        return not self.faults


def read(text: str) -> Reading:
    """A text in any of the spellings, without its associations."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        return Reading((), (Fault(None, None, "too long"),))
    if _SCHEME.match(text):
        return read_uri(text)
    if text.startswith(("]", FNC1)):
        return read_scan(text)
    return read_brackets(text)


def check(text: str) -> Reading:
    """A text in any of the spellings with everything that GS1 asks of it."""
    reading = read(text)
    return replace(reading, faults=tuple(associations(reading.elements))) if reading.ok else reading


# --- brackets


def read_brackets(text: str) -> Reading:
    """Elements as people print them. A bracket in a value is written `\\(`; a bar parts a composite symbol's two."""
    linear, bar, composite = text.partition("|")
    elements, faults = _bracketed(linear, 0)
    split = len(elements) if bar else None
    if bar:
        more, wrong = _bracketed(composite, len(linear) + 1)
        elements, faults = elements + more, faults + wrong
    if len(elements) + bool(bar) > ELEMENTS_MOST:
        faults.append(Fault(None, None, "too many elements"))
    return Reading(tuple(elements), tuple(faults), split)


def _bracketed(text: str, offset: int) -> tuple[list[Element], list[Fault]]:
    elements: list[Element] = []
    faults: list[Fault] = []
    at = 0
    if not text:
        faults.append(Fault(None, offset, "nothing to read"))
    while at < len(text):
        close = text.find(")", at)
        if text[at] != "(" or close < 0:
            return elements, [*faults, Fault(None, offset + at, "an identifier in brackets must stand here")]
        ai, places = text[at + 1 : close], list(_until_bracket(text, close + 1))
        value = "".join(text[place] for place in places)
        element = Element(ai, value, offset + at, tuple(offset + place for place in places))
        known = ai in dictionary.identifiers()
        faults += _faults_of(element, offset + close + 1, known=known)
        if known:
            elements.append(element)
        at = _next_bracket(text, close + 1)
    return elements, faults


def _next_bracket(text: str, at: int) -> int:
    while at < len(text) and (text[at] != "(" or text[at - 1] == "\\"):
        at += 1
    return at


def _until_bracket(text: str, at: int) -> Iterator[int]:
    """The places of a value's characters: the backslash before a bracket is not one of them."""
    end = _next_bracket(text, at)
    return (
        place for place in range(at, end) if not (text[place] == "\\" and text[place + 1 : place + 2] == "(")
    )


def _faults_of(element: Element, at: int, *, known: bool = True) -> list[Fault]:
    """What is wrong with one element by itself. at: where its value should begin."""
    if not known:
        return [Fault(element.ai[:8] or None, element.at, "no such identifier")]
    identifier, value = element.identifier, element.value
    if len(value) < identifier.least:
        return [Fault(element.ai, element.places[0] if value else at, "too short" if value else "empty")]
    if len(value) > identifier.most:
        return [Fault(element.ai, element.places[identifier.most], "too long")]
    wrong = components.fault(identifier.components, value)
    if wrong is None:
        return []
    where = element.places[wrong[0]] if wrong[0] < len(element.places) else element.places[-1] + 1
    return [Fault(element.ai, where, wrong[1])]


# --- what a scanner sends


def read_scan(text: str) -> Reading:
    """What a scanner sends: its mark of the symbol (ISO/IEC 15424), else FNC1, then what the symbol holds.

    Elements, FNC1 after each of no predefined length; a Digital Link; or the digits of an EAN symbol, which are a GTIN,
    with the elements of a composite above it.
    """
    mark = text[:3]
    if mark in PLAIN:
        return _moved(read_uri(text[3:]), 3)
    if mark in RETAIL:
        return _retail(text, 3 + RETAIL[mark])
    start = 3 if mark in HOLDING else int(text.startswith(FNC1))
    if not start or start >= len(text):
        return _refused("FNC1 or a symbology mark must stand first, then elements", 0)
    return _in_scan(text, start)


def _moved(reading: Reading, by: int) -> Reading:
    """The same reading of a text that stands so many characters further in."""
    elements = (
        replace(one, at=one.at + by, places=tuple(place + by for place in one.places))
        for one in reading.elements
    )
    faults = (replace(one, at=None if one.at is None else one.at + by) for one in reading.faults)
    return Reading(tuple(elements), tuple(faults))


def _retail(text: str, end: int) -> Reading:
    """The GTIN of an EAN symbol, and what the composite above it adds."""
    places = tuple(range(3, min(end, len(text))))
    gtin = Element("01", text[3:end].zfill(14), 3, (3,) * (14 - len(places)) + places)
    wrong = components.CHECKS["csum"](text[3:end]) if end <= len(text) else (len(places), "too short")
    faults = [Fault("01", 3 + wrong[0], wrong[1])] if wrong else []
    more = Reading((), ())
    if text.startswith(COMPOSITE, end):
        more = _in_scan(text, end + len(COMPOSITE))
    elif end < len(text):
        faults.append(Fault("01", end, "too long"))
    return Reading((gtin, *more.elements), (*faults, *more.faults))


def _in_scan(text: str, at: int) -> Reading:
    """The elements of a symbol from a place on."""
    elements: list[Element] = []
    faults: list[Fault] = [] if at < len(text) else [Fault(None, at, "nothing to read")]
    while at < len(text):
        identifier = dictionary.leading(text[at : at + 4])
        if identifier is None:
            return Reading(tuple(elements), (*faults, Fault(None, at, "no identifier begins here")))
        begin = at + len(identifier.ai)
        end = text.find(FNC1, begin)
        end = len(text) if end < 0 else end
        if identifier.fixed:
            end = min(end, begin + identifier.most)
        element = Element(identifier.ai, text[begin:end], at, tuple(range(begin, end)))
        faults += _faults_of(element, begin)
        elements.append(element)
        at = end + text.startswith(FNC1, end)
    if len(elements) > ELEMENTS_MOST:
        faults.append(Fault(None, None, "too many elements"))
    return Reading(tuple(elements), tuple(faults))


# --- Digital Link


def _unescaped(text: str, offset: int, *, query: bool) -> tuple[str, tuple[int, ...]]:
    """A value without percent encoding, each byte a character, and where each came from."""
    found: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        coded = _HEX.match(text, at)
        places.append(offset + at)
        found.append(chr(int(coded[1], 16)) if coded else " " if query and text[at] == "+" else text[at])
        at += 3 if coded else 1
    return "".join(found), tuple(places)


def _refused(why: str, at: int | None = None, ai: str | None = None) -> Reading:
    return Reading((), (Fault(ai, at, why),))


@dataclass(frozen=True)
class Lenient:
    """What older addresses were allowed, and we never write. alphas: names such as `gtin` in the path. short_gtin: 8,
    12 or 13 digits. unknown: identifiers that the dictionary does not know yet, as attributes too.
    """

    alphas: bool = False
    short_gtin: bool = False
    unknown: bool = False

    def ai(self, name: str) -> str:
        """The identifier that a part of the path names."""
        return ALPHAS.get(name, name) if self.alphas else name

    def knows(self, ai: str) -> bool:
        """Whether an identifier is taken."""
        return ai in dictionary.identifiers() or (self.unknown and dictionary.may_come(ai))

    def padded(self, ai: str, value: str, places: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """A short GTIN with its leading zeros; any other value as it is."""
        if not self.short_gtin or ai != "01" or len(value) not in (8, 12, 13):
            return value, places
        return value.zfill(14), (places[0],) * (14 - len(value)) + places


STRICT = Lenient()
ALPHAS = {
    "cpid": "8010", "cpsn": "8011", "cpv": "22", "gcn": "255", "gdti": "253", "giai": "8004", "ginc": "401",
    "gln": "414", "glnx": "254", "gmn": "8013", "grai": "8003", "gsin": "402", "gsrn": "8018", "gsrnp": "8017",
    "gtin": "01", "itip": "8006", "lot": "10", "party": "417", "refno": "8020", "ser": "21", "srin": "8019",
    "sscc": "00",
}  # fmt: skip


def read_uri(text: str, lenient: Lenient = STRICT) -> Reading:
    """A Digital Link address. A GTIN has 14 digits; names of our own in the query are no elements and stay as they are.

    lenient: what to allow beyond that, for addresses printed by others.
    """
    written = _URI.match(text)
    if written is None or written.end() < len(text):
        return _refused("not allowed in an address", written.end() if written else 0)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _refused("an address begins with https://", 0)
    root = text.find("/", scheme.end())
    root = len(text) if root < 0 else root
    if bad := _HOST_NEVER.search(text, scheme.end(), root):
        return _refused("not allowed in a host's name", bad.start())
    if root == len(text) or root == scheme.end():
        return _refused("a host and a path must follow", scheme.end())
    whole = text.partition("#")[0]
    path_end = whole.find("?", root)
    path_end = len(whole) if path_end < 0 else path_end
    start = _first_key(whole, root, path_end, lenient)
    if start is None:
        return _refused("no key that opens a Digital Link", root)
    elements, faults = _in_path(whole[:path_end], start, lenient)
    more, wrong, ignored = _in_query(whole, path_end + 1, lenient)
    elements, faults = elements + more, faults + wrong
    if len(elements) + ignored > ELEMENTS_MOST:
        faults.append(Fault(None, None, "too many elements"))
    return Reading(tuple(elements), tuple(faults or _misplaced(elements)))


def _first_key(text: str, root: int, end: int, lenient: Lenient) -> int | None:
    """Where the path's elements begin: walking back over pairs of identifier and value until one that opens a link."""
    while True:
        value = text.rfind("/", root, end)
        if value <= root:
            return None
        begin = text.rfind("/", root, value)
        identifier = dictionary.identifiers().get(lenient.ai(text[begin + 1 : value]))
        if identifier is None:
            return None
        if identifier.qualifiers is not None:
            return begin
        end = begin


def _in_path(path: str, start: int, lenient: Lenient) -> tuple[list[Element], list[Fault]]:
    elements: list[Element] = []
    faults: list[Fault] = []
    at = start
    while at < len(path):
        slash = path.index("/", at + 1)
        end = path.find("/", slash + 1)
        end = len(path) if end < 0 else end
        ai = lenient.ai(path[at + 1 : slash])
        value, places = lenient.padded(ai, *_unescaped(path[slash + 1 : end], slash + 1, query=False))
        elements.append(Element(ai, value, at + 1, places, len(elements)))
        faults += _faults_of(elements[-1], slash + 1)
        at = end
    return elements, faults


def _in_query(text: str, start: int, lenient: Lenient) -> tuple[list[Element], list[Fault], int]:
    """Elements of the query, their faults, and how many parameters are none of GS1's."""
    elements: list[Element] = []
    faults: list[Fault] = []
    ignored, at = 0, start
    while at < len(text):
        while text[at : at + 1] == "&":
            at += 1
        end = text.find("&", at)
        end = len(text) if end < 0 else end
        name, sign, given = text[at:end].partition("=")
        if sign and _DIGITS.fullmatch(name):
            begin = at + len(name) + 1
            value, places = lenient.padded(name, *_unescaped(given, begin, query=True))
            element, known = Element(name, value, at, places), lenient.knows(name)
            faults += _faults_of(element, begin, known=known)
            elements += [element] if known else []
        else:
            ignored += 1
        at = end
    return elements, faults, ignored


def _misplaced(elements: Sequence[Element]) -> Iterator[Fault]:
    """Elements that stand twice, out of order, or in the query where only the path may hold them."""
    path = tuple(one.ai for one in elements if one.path is not None)
    allowed = set(dictionary.paths())
    if path not in allowed:
        yield Fault(elements[0].ai, elements[0].at, "qualifiers of another key, or in another order")
        return
    seen: set[str] = set()
    for one in elements:
        if one.ai in seen:
            yield Fault(one.ai, one.at, "stands twice")
        seen.add(one.ai)
        if one.path is None and not one.identifier.attribute:
            yield Fault(one.ai, one.at, "not allowed in the query")
        elif one.path is None and any(
            (*path[:n], one.ai, *path[n:]) in allowed for n in range(1, len(path) + 1)
        ):
            yield Fault(one.ai, one.at, "belongs in the path")


# --- what must and must not stand together


def _matches(template: str, ai: str) -> bool:
    """Whether an identifier is one that a template such as `310n` means."""
    return len(ai) == len(template) and ai.startswith(template.rstrip("n"))


def associations(elements: Iterable[Element]) -> Iterator[Fault]:
    """What is wrong with elements together: pairs that exclude each other, something missing, one said two ways."""
    given = list(elements)
    there = {one.ai for one in given}

    def beside(template: str, ai: str) -> str | None:
        return next((other for other in sorted(there - {ai}) if _matches(template, other)), None)

    for one in sorted(given, key=lambda one: one.ai):
        identifier = one.identifier
        for template in identifier.excludes:
            if other := beside(template, one.ai):
                yield Fault(one.ai, one.at, f"may not stand beside ({other})")
        for group in identifier.needs:
            if not any(all(beside(template, one.ai) for template in way) for way in group):
                wanted = ", ".join("+".join(way) for way in group)
                yield Fault(one.ai, one.at, f"needs one of {wanted}")
    for first, second in pairwise(sorted(given, key=lambda one: (one.ai, one.at))):
        if first.ai == second.ai and first.value != second.value:
            yield Fault(second.ai, second.at, "stands twice with different values")
    if "8030" in there:
        for one in given:
            if one.ai in ("253", "255", "8003") and len(one.value) == one.identifier.least:
                yield Fault(one.ai, one.at, "a signature (8030) needs a serial number here")


# --- writing


def element_string(reading: Reading) -> str:
    """The elements in brackets, in the order in which they were read."""
    written = [f"({one.ai})" + one.value.replace("(", "\\(") for one in reading.elements]
    if reading.split is not None:
        written.insert(reading.split, "|")
    return "".join(written)


def scan_data(elements: Iterable[Element]) -> str:
    """The elements with FNC1 first and after each of no predefined length, as a symbol holds them."""
    text, parted = FNC1, True
    for one in elements:
        text += ("" if parted else FNC1) + one.ai + one.value
        parted = one.identifier.fixed
    return text


def digital_link(elements: Sequence[Element], stem: str = STEM) -> str | None:
    """The elements as a Digital Link address below a stem; None without a key, or with one that no address may hold.

    The path keeps the order it came in; else the first key and as many of its qualifiers as are there. Attributes
    follow, those of predefined length first.
    """
    path = sorted((one for one in elements if one.path is not None), key=lambda one: one.path or 0)
    if not path:
        key = next((one.ai for one in elements if one.identifier.qualifiers is not None), None)
        if key is None:
            return None
        there = {one.ai: one for one in reversed(elements)}
        ways = [way for way in dictionary.paths() if way[0] == key and all(ai in there for ai in way)]
        path = [there[ai] for ai in max(ways, key=len)]
    taken = {one.ai for one in path}
    address = stem.rstrip("/") + "".join(
        f"/{one.ai}/{quote(one.value, safe='', encoding='latin-1')}" for one in path
    )
    attributes = []
    for one in sorted(elements, key=lambda one: not one.identifier.fixed):
        if one.ai in taken:
            continue
        if not one.identifier.attribute:
            return None
        taken.add(one.ai)
        attributes.append(f"{one.ai}={quote_plus(one.value, encoding='latin-1')}")
    return f"{address}?{'&'.join(attributes)}" if attributes else address
