"""Which commune an address in a shop's fields means.

‼ Saleor keeps addresses of Viet Nam as a city (which it writes in capitals) and a province, and drops the city area: a
storefront that asks for the ward puts it into the city, or into the street.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from places.models import Unit
from places.queries import Conversion, current_of, find_address, matching_provinces

_COMMUNE = re.compile(r"(phường|xã|đặc khu|thị trấn|p\.|x\.|tt\.)\s*\S", re.IGNORECASE)


def places_of(address: Mapping[str, Any]) -> tuple[str, ...]:
    """Texts in which an address may name its commune and province, the likeliest first.

    A part of the street counts only where it says that it is a commune: streets bear the names of wards.

    >>> places_of({"city": "PHƯỜNG CẦU GIẤY", "countryArea": "Hà Nội"})
    ('PHƯỜNG CẦU GIẤY, Hà Nội',)
    >>> places_of({"streetAddress1": "Số 8, phường Cầu Giấy", "city": "HÀ NỘI", "countryArea": "Hà Nội"})
    ('Hà Nội', 'phường Cầu Giấy, Hà Nội')
    """
    words = {name: str(value).strip() for name, value in address.items() if isinstance(value, str)}
    province = [words.get("city", ""), words.get("countryArea", "")]
    found = [_joined([words.get("cityArea", ""), *province])]
    for line in (words.get("streetAddress2", ""), words.get("streetAddress1", "")):
        found += [_joined([part, *province]) for part in _communes(line)]
    return tuple(dict.fromkeys(one for one in found if one))


def _communes(line: str) -> Iterator[str]:
    return (part.strip() for part in reversed(line.split(",")) if _COMMUNE.match(part.strip()))


def _joined(parts: Sequence[str]) -> str:
    """The parts with a comma between; of two that are the same but for capitals, the later."""
    by_name = {one.casefold(): one for one in parts if one}
    return ", ".join(by_name.values())


def commune_of(places: Sequence[str]) -> Unit | None:
    """The commune of today that the first clear one of these texts names.

    Saleor offers the 63 provinces of before July 2025: a commune of today under one of them is looked for in the
    province that it went into.
    """
    for place in places:
        found = find_address(place)
        if not found.candidates and ", " in place:
            found = _under_old_province(*place.rsplit(", ", 1))
        if found.exact is not None:
            return found.exact
    return None


def _under_old_province(commune: str, province: str) -> Conversion:
    names = {new.name for old in matching_provinces(province) for new in current_of(old.id)}
    tries = [find_address(f"{commune}, {name}") for name in sorted(names)]
    exact = [one.exact for one in tries if one.exact is not None]
    return Conversion(exact[0] if len(exact) == 1 else None, exact)
