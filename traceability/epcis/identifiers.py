"""One spelling for an identifier: EPC URNs and Digital Links of any host become the constrained canonical Digital Link.

Sources: CBV 2.0 section 8.9 (which keys and qualifiers take part in a hash), GS1 Digital Link URI syntax section 4.11,
EPC Tag Data Standard sections 6 and 7 (how a URN holds company prefix and reference). Pure.
"""

import re
from urllib.parse import quote, unquote, urlsplit

CANONICAL = "https://id.gs1.org"
_NAMES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21",
}  # fmt: skip
_KEYS = {
    "00": r"\d{18}", "01": r"\d{14}|\d{13}|\d{12}|\d{8}", "253": r"\d{13}.{0,17}", "255": r"\d{13}\d{0,12}",
    "401": r".{1,30}", "402": r"\d{17}", "414": r"\d{13}", "417": r"\d{13}", "8003": r"\d{14}.{0,16}",
    "8004": r".{1,30}", "8006": r"\d{18}", "8010": r"[#\-/0-9A-Z]{1,30}", "8017": r"\d{18}", "8018": r"\d{18}",
}  # fmt: skip
_FINEST = {"01": ("21", "235", "10"), "414": ("254",), "8006": ("21", "10"), "8010": ("8011",)}
_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(\d{6,12})\.(.*)")
# Scheme → primary key, digits of company prefix and reference together, whether the first digit of the reference leads.
_NUMBERED = {
    "sgtin": ("01", 13, True), "lgtin": ("01", 13, True), "upui": ("01", 13, True), "itip": ("8006", 13, True),
    "sscc": ("00", 17, True), "sgln": ("414", 12, False), "pgln": ("417", 12, False), "grai": ("8003", 12, False),
    "gdti": ("253", 12, False), "sgcn": ("255", 12, False), "gsrn": ("8018", 17, False),
    "gsrnp": ("8017", 17, False), "gsin": ("402", 16, False),
}  # fmt: skip
_QUALIFIER = {"sgtin": "21", "lgtin": "10", "upui": "235", "itip": "21", "sgln": "254"}
_BARE = frozenset({"sscc", "pgln", "gsrn", "gsrnp", "gsin"})  # nothing follows the reference
_WHOLE = {"giai": "8004", "ginc": "401"}  # prefix and reference simply joined


def check_digit(digits: str) -> int:
    """The GS1 check digit that follows these digits: weights 3 and 1 from the right.

    >>> check_digit("1061414107346")
    4
    """
    total = sum(int(one) * (3 if at % 2 == 0 else 1) for at, one in enumerate(reversed(digits)))
    return -total % 10


def _encoded(value: str) -> str:
    """Percent-encoded the one way: all but letters, digits and ' - . ; = _ ."""
    return quote(unquote(value), safe="'-.;=_")


def canonical(uri: str) -> str:
    """The constrained canonical Digital Link of an identifier; a URI that holds no GS1 key as it came.

    >>> canonical("urn:epc:id:sgtin:0614141.107346.2017")
    'https://id.gs1.org/01/10614141073464/21/2017'
    >>> canonical("https://chophien.vn/01/02000000000015/10/MD-1?x=1")
    'https://id.gs1.org/01/02000000000015/10/MD-1'
    """
    if uri.startswith("urn:epc:"):
        return _of_urn(uri) or uri
    if uri[:7].lower() == "http://" or uri[:8].lower() == "https://":
        return _of_link(uri) or uri
    return uri


def _of_link(uri: str) -> str | None:
    try:
        parts = [one for one in urlsplit(uri).path.split("/") if one]
    except ValueError:
        return None
    for at in range(len(parts) - 1):
        key, value = _NAMES.get(parts[at], parts[at]), unquote(parts[at + 1])
        if key in _KEYS and re.fullmatch(_KEYS[key], value):
            if (len(parts) - at) % 2:
                return None
            if key == "01":
                value = value.zfill(14)
            found = {_NAMES.get(name, name): held for name, held in zip(parts[at + 2 :: 2], parts[at + 3 :: 2],
                                                                       strict=True)}  # fmt: skip
            finest = next((name for name in _FINEST.get(key, ()) if name in found), None)
            tail = f"/{finest}/{_encoded(found[finest])}" if finest else ""
            return f"{CANONICAL}/{key}/{_encoded(value)}{tail}"
    return None


def _of_urn(uri: str) -> str | None:
    read = _URN.fullmatch(uri)
    if read is None:
        return None
    kind, scheme, prefix, rest = read.groups()
    if kind == "id" and scheme in _WHOLE:
        return f"{CANONICAL}/{_WHOLE[scheme]}/{_encoded(prefix + rest)}"
    if scheme == "cpi":
        return _of_part(kind, prefix, rest)
    if scheme not in _NUMBERED:
        return None
    key, digits, leads = _NUMBERED[scheme]
    reference, dot, serial = rest.partition(".")
    if not re.fullmatch(r"\d*", reference) or len(prefix) + len(reference) != digits:
        return None
    if bool(dot) == (scheme in _BARE):
        return None
    number = reference[:1] + prefix + reference[1:] if leads else prefix + reference
    value = ("0" if scheme == "grai" else "") + number
    return _finished(kind, scheme, key, value + str(check_digit(value)), serial)


def _finished(kind: str, scheme: str, key: str, value: str, serial: str) -> str | None:
    if scheme == "itip":
        piece, _, more = serial.partition(".")
        total, _, serial = more.partition(".")
        if not re.fullmatch(r"\d{4}", piece + total):
            return None
        value += piece + total
    if kind == "idpat":
        return f"{CANONICAL}/{key}/{value}" if serial == "*" else None
    if scheme in _BARE:
        return f"{CANONICAL}/{key}/{value}"
    if not serial:
        return None
    if scheme == "sgln" and serial == "0":
        return f"{CANONICAL}/{key}/{value}"
    if scheme in _QUALIFIER:
        return f"{CANONICAL}/{key}/{value}/{_QUALIFIER[scheme]}/{_encoded(serial)}"
    return f"{CANONICAL}/{key}/{_encoded(value + unquote(serial))}"


def _of_part(kind: str, prefix: str, rest: str) -> str | None:
    reference, dot, serial = rest.rpartition(".")
    if not dot or not reference or not serial:
        return None
    stem = f"{CANONICAL}/8010/{_encoded(prefix + reference)}"
    if kind == "idpat":
        return stem if serial == "*" else None
    return f"{stem}/8011/{_encoded(serial)}"
