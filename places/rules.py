"""What an address means, which shipping zone two places make, and which rate a weight falls under. All pure.

Words such as "xã" or "huyện" tell the level of a name; people leave them out, shorten them and type without marks,
so every reading of a part is kept and the database decides which one exists.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Invalid
from core.i18n import N_
from core.text import clean, fold

TWO_TIER_ON = date(2025, 7, 1)  # districts ended and 34 provinces began (Resolution 202/2025/QH15)


class Level(StrEnum):
    """Levels of units. Districts exist only before 2025-07-01."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Zone(StrEnum):
    """How far a parcel goes, for its price."""

    SAME_PROVINCE = "same_province"
    SAME_REGION = "same_region"
    FAR = "far"


# Folded words that may stand before a name, and the level they tell. "thanh pho" is a province or an old district.
KIND_WORDS: dict[str, frozenset[Level]] = {
    "tinh": frozenset({Level.PROVINCE}),
    "t": frozenset({Level.PROVINCE}),
    "thanh pho": frozenset({Level.PROVINCE, Level.DISTRICT}),
    "tp": frozenset({Level.PROVINCE, Level.DISTRICT}),
    "quan": frozenset({Level.DISTRICT}),
    "q": frozenset({Level.DISTRICT}),
    "huyen": frozenset({Level.DISTRICT}),
    "h": frozenset({Level.DISTRICT}),
    "thi xa": frozenset({Level.DISTRICT}),
    "tx": frozenset({Level.DISTRICT}),
    "xa": frozenset({Level.COMMUNE}),
    "x": frozenset({Level.COMMUNE}),
    "phuong": frozenset({Level.COMMUNE}),
    "p": frozenset({Level.COMMUNE}),
    "thi tran": frozenset({Level.COMMUNE}),
    "tt": frozenset({Level.COMMUNE}),
    "dac khu": frozenset({Level.COMMUNE}),
}
SHORT_KINDS = {"x": "xa", "p": "phuong", "tt": "thi tran", "h": "huyen", "q": "quan", "tx": "thi xa", "tp": "thanh pho",
               "t": "tinh"}  # fmt: skip
PROVINCE_ALIASES = {"hn": "ha noi", "hcm": "ho chi minh", "tphcm": "ho chi minh", "sai gon": "ho chi minh",
                    "sg": "ho chi minh", "hue": "hue", "thua thien hue": "hue", "brvt": "ba ria vung tau",
                    "dak lak": "dak lak", "dac lac": "dak lak", "dac nong": "dak nong"}  # fmt: skip
_KIND = re.compile(
    r"^(thanh pho|thi xa|thi tran|dac khu|tinh|huyen|quan|phuong|xa|tp|tx|tt|[tqhxp](?=[. ]))[. ]+(?=\S)"
)
_LOWER_KIND = re.compile(r" (?=(?:thanh pho|thi xa|huyen|quan|tinh|tp|tx|[hq]\.) )")


@dataclass(frozen=True)
class Reading:
    """One way to read a part of an address: a folded name, and the kind word before it ('' if none was written)."""

    name: str
    kind: str = ""

    def may_be(self, level: Level) -> bool:
        """Whether the kind word allows this level."""
        return not self.kind or level in KIND_WORDS[self.kind]


def name_key(value: str) -> str:
    """A name folded for matching: marks off, hyphens, apostrophes and dots as nothing or a space.

    >>> name_key("Đắk R'Lấp"), name_key("Bà Rịa - Vũng Tàu")
    ('dak rlap', 'ba ria vung tau')
    """
    return " ".join(re.sub(r"[-–.,/()]", " ", re.sub(r"['’`]", "", fold(value))).split())


def readings(part: str) -> list[Reading]:
    """Every way to read one part: with its first word as a kind, and whole ("Xà Hồ" is a commune, not xã "Hồ").

    >>> readings("xã Côn Minh")
    [Reading(name='con minh', kind='xa'), Reading(name='xa con minh', kind='')]
    """
    folded = fold(clean(part))
    found = []
    if match := _KIND.match(folded):
        kind = SHORT_KINDS.get(match[1], match[1])
        found.append(Reading(name_key(folded[match.end() :]), kind))
    elif match := re.match(r"^([pqh])(\d{1,2})$", folded):  # "P12", "Q1"
        found.append(Reading(match[2], SHORT_KINDS[match[1]]))
    found.append(Reading(name_key(folded)))
    return [Reading(_number(one.name), one.kind) for one in found if one.name]


def _number(name: str) -> str:
    """Numbered wards are written "1" or "01"."""
    return str(int(name)) if name.isdecimal() else name


def split_parts(text: str) -> list[str]:
    """The parts of an address, smallest first, as commas and line ends tell; a country at the end is dropped.

    >>> split_parts("xã Côn Minh, huyện Na Rì, Bắc Kạn, Việt Nam")
    ['xã Côn Minh', 'huyện Na Rì', 'Bắc Kạn']
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", clean(text, lines=True)[:300])]
    parts = [part for part in parts if part]
    return parts[:-1] if parts and fold(parts[-1]) in ("viet nam", "vietnam", "vn") else parts


def split_at_kinds(text: str) -> list[str]:
    """The parts of an address without commas: a new one begins before a word for a larger level.

    >>> split_at_kinds("xa con minh huyen na ri")
    ['xa con minh', 'huyen na ri']
    """
    return [piece.strip() for piece in _LOWER_KIND.split(fold(text))]


def province_key(name: str) -> str:
    """A province's folded name, with the short forms that people type."""
    return PROVINCE_ALIASES.get(name, name)


def take_suffix(folded: str, names: Iterable[str]) -> tuple[str, str] | None:
    """Split "con minh thai nguyen" into ("con minh", "thai nguyen") when it ends in a known name; longest first.

    None when no name fits or nothing is left before it.
    """
    for name in sorted(names, key=len, reverse=True):
        if folded.endswith(f" {name}"):
            return folded[: -len(name) - 1].strip(), name
    return None


def zone_between(
    from_province: int, to_province: int, from_region: str | None, to_region: str | None
) -> Zone:
    """The shipping zone of two places, by their provinces and regions."""
    if from_province == to_province:
        return Zone.SAME_PROVINCE
    if from_region and from_region == to_region:
        return Zone.SAME_REGION
    return Zone.FAR


def step_for(weight_g: int, steps: Sequence[int]) -> int:
    """The upper bound of the weight step a parcel falls in: the smallest step that is not below its weight.

    Raises Invalid when it is heavier than the last step, or weighs nothing.

    >>> step_for(750, [500, 1000, 2000])
    1000
    """
    if weight_g <= 0:
        raise Invalid(
            N_("Gói hàng chưa có cân nặng."), remedy=N_("Viết cân nặng cả bao bì của từng quy cách.")
        )
    fitting = [step for step in steps if step >= weight_g]
    if not fitting:
        raise Invalid(
            N_("Gói hàng nặng %(kg)s kg, bưu tá nhận nhiều nhất %(most)s kg."),
            remedy=N_("Chia làm hai đơn, hoặc gọi hợp tác xã để gửi xe khách."),
            kg=-(-weight_g // 1000),
            most=max(steps, default=0) // 1000,
        )
    return min(fitting)
