"""Reading a request as a resolver does: what it names, in which spelling it should come, what is wanted. Pure.

Sources: GS1-Conformant Resolver Standard 1.2, GS1 Digital Link URI Syntax 1.6, RFC 9264 (linksets).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from traceability.gs1.compressed import NotCompressed, expand
from traceability.gs1.links import is_our_code
from traceability.gs1.syntax import dictionary
from traceability.gs1.syntax.faults import Fault
from traceability.gs1.syntax.rules import Element, Lenient, associations, read_uri

KEYS = ("01", "00", "414")  # what we resolve; every other key is read, and answered that we hold none
VOC = "https://ref.gs1.org/voc/"
VOCABULARIES = (VOC, "http://ref.gs1.org/voc/", "https://gs1.org/voc/", "http://gs1.org/voc/",
                "https://www.gs1.org/voc/")  # fmt: skip
WHOLE = ("linkset", "all")
LINKSET, JSON, JSON_LD, HTML = (
    "application/linkset+json",
    "application/json",
    "application/ld+json",
    "text/html",
)
OURS = frozenset({"linktype", "context"})  # said to the resolver: they end here
_OLDER = Lenient(alphas=True, short_gtin=True)


@dataclass(frozen=True)
class Named:
    """What an address names. elements: key and qualifiers, as read. moved: the path it should have come by, or None.
    faults: what is wrong; then nothing else counts. expanded: it came compressed, and is answered where it is.
    """

    elements: tuple[Element, ...] = ()
    moved: str | None = None
    faults: tuple[Fault, ...] = ()
    expanded: bool = False

    @property
    def key(self) -> str:
        """The identifier that opens the address."""
        return self.elements[0].ai

    def value(self, ai: str) -> str:
        """The value of one identifier in the path; empty where it is not there."""
        return next((one.value for one in self.elements if one.ai == ai), "")

    @property
    def path(self) -> str:
        """The one path of what is named."""
        return path_of([(one.ai, one.value) for one in self.elements])


def path_of(pairs: Iterable[tuple[str, str]]) -> str:
    """A Digital Link's path.

    >>> path_of([("01", "02000000000015"), ("10", "A/1")])
    '/01/02000000000015/10/A%2F1'
    """
    return "".join(f"/{ai}/{quote(value, safe='', encoding='latin-1')}" for ai, value in pairs)


def read_request(base_url: str, path: str, query: str) -> Named:
    """What an address of ours names. path and query: as they were sent, percent-encoded.

    A slash at the end, names such as `/gtin/`, a GTIN of 8, 12 or 13 digits and lot codes in small letters are
    understood and lead to the one address.
    """
    bare = path.rstrip("/")
    if (whole := uncompressed(bare)) is not None:
        return replace(read_request(base_url, whole, query), moved=None, expanded=True)
    uri = f"{base_url}{bare}" + (f"?{query}" if query else "")
    reading = strict = read_uri(uri)
    if not reading.ok:
        reading = read_uri(uri, _OLDER)
    faults = reading.faults or tuple(associations(reading.elements))
    if not faults and reading.elements[0].at != len(base_url) + 1:
        faults = (Fault(None, len(base_url), "no key that opens a Digital Link"),)
    if faults:
        return Named(faults=faults)
    elements = tuple(_ours(one) for one in reading.elements if one.path is not None)
    named = Named(elements)
    if reading is strict and bare == path and [one.value for one in elements] == _values(reading.elements):
        return named
    return Named(elements, named.path)


def uncompressed(path: str) -> str | None:
    """The path that a compressed one stands for; None where it is not one. The last part alone may be compressed.

    Parts that may not stand in a path (a date, a weight) are left out: no page of ours depends on them.
    """
    *before, last = path.removeprefix("/").split("/")
    if len(before) % 2 or not all(one.isdecimal() for one in before[::2]):
        return None
    try:
        pairs = [(ai, unquote(value)) for ai, value in zip(before[::2], before[1::2], strict=True)] + expand(
            last
        )
    except NotCompressed:
        return None
    ways = [way for way in dictionary.paths() if way[0] in dict(pairs) and set(way) <= set(dict(pairs))]
    return path_of([(ai, dict(pairs)[ai]) for ai in max(ways, key=len)]) if ways else None


def _values(elements: Iterable[Element]) -> list[str]:
    return [one.value for one in elements if one.path is not None]


def _ours(one: Element) -> Element:
    """Lot codes and serials of ours are upper case, however they are typed."""
    upper = one.value.upper()
    known = one.ai in ("10", "21") and upper != one.value and is_our_code(upper)
    return Element(one.ai, upper, one.at, one.places, one.path) if known else one


# ---- what is wanted ----


@dataclass(frozen=True)
class Wanted:
    """What the caller asks for. link_type: a name without prefix, "" for the default. form: of a linkset, else None."""

    link_type: str
    form: str | None


def wanted(query: str, accept: str | None) -> Wanted:
    """From the query as sent, and the media type that the caller likes best of those we have (None: whatever).

    >>> wanted("linkType=gs1:pip", None), wanted("linkType=linkset", "text/html").form
    (Wanted(link_type='pip', form=None), 'application/linkset+json')
    """
    asked = next((value for name, value in parse_qsl(query) if name.lower() == "linktype" and value), "")
    form = accept if accept in (LINKSET, JSON, JSON_LD) else None
    if asked in WHOLE:
        return Wanted("", form or LINKSET)
    name = short(asked)
    if name == "defaultLink":
        return Wanted("", None)
    return Wanted(name, form if not name or form == LINKSET else None)


def short(link_type: str) -> str:
    """A type of GS1's vocabulary by its own name; any other as it is.

    >>> short("gs1:pip"), short("https://gs1.org/voc/pip"), short("schema:review")
    ('pip', 'pip', 'schema:review')
    """
    for stem in ("gs1:", *VOCABULARIES):
        if link_type.startswith(stem):
            return link_type.removeprefix(stem)
    return link_type


def passed_on(query: str) -> str:
    """The query without what was said to the resolver alone, otherwise untouched.

    >>> passed_on("linkType=gs1:pip&17=271108&utm=a%20b")
    '17=271108&utm=a%20b'
    """
    return "&".join(
        pair for pair in query.split("&") if pair and unquote(pair.partition("=")[0]).lower() not in OURS
    )


def with_query(href: str, query: str) -> str:
    """An address with more parameters, before its fragment.

    >>> with_query("/products/a?hl=en#top", "x=1")
    '/products/a?hl=en&x=1#top'
    """
    if not query:
        return href
    parts = urlsplit(href)
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


# ---- links ----


@dataclass(frozen=True)
class Target:
    """One link: its type in GS1's vocabulary, a path of ours, a title in the page's language."""

    link_type: str
    path: str
    title: str
    language: str = "vi"

    @property
    def href(self) -> str:
        """The path in its language."""
        if self.language == "vi":
            return self.path
        bare, mark, fragment = self.path.partition("#")
        return f"{bare}{'&' if '?' in bare else '?'}hl={self.language}{mark}{fragment}"


@dataclass(frozen=True)
class Level:
    """What one step of the tree has: a lot, its trade item. path: of its own address."""

    path: str
    description: str
    targets: tuple[Target, ...]


def linkset(base_url: str, levels: Sequence[Level], default_title: str) -> dict[str, object]:
    """The links of an address and of all above it, RFC 9264 in JSON; the nearest level's own page is the default."""
    found: list[dict[str, object]] = []
    for number, level in enumerate(levels):
        entry: dict[str, object] = {"anchor": base_url + level.path, "itemDescription": level.description}
        for name in dict.fromkeys(one.link_type for one in level.targets):
            entry[VOC + name] = [
                {"href": base_url + one.href, "title": one.title, "type": HTML, "hreflang": [one.language]}
                for one in level.targets if one.link_type == name
            ]  # fmt: skip
        if number == 0:
            entry[f"{VOC}defaultLink"] = [{"href": base_url + level.path, "title": default_title}]
        found.append(entry)
    return {"linkset": found}


def choose(levels: Sequence[Level], link_type: str, languages: Sequence[str]) -> Target | None:
    """The link of a type that is nearest up the tree, in the language liked best; None where there is none."""
    for level in levels:
        found = [one for one in level.targets if one.link_type == link_type]
        if found:
            spoken = {one.language: one for one in reversed(found)}
            return next((spoken[name] for name in languages if name in spoken), found[0])
    return None
