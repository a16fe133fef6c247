"""What anybody may know of a lot: no person, no household, no slip and no weight of a slip."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class OriginStep:
    """One knot on the thread: harvested, made, packed or recalled.

    month_only: a day would point at one family, so both dates are the first of their month and are shown as months.
    """

    kind: str
    from_on: date
    to_on: date
    month_only: bool = False


@dataclass(frozen=True, slots=True)
class Maker:
    """A household that agreed to be shown: the name given with its consent, and the key of its stitch mark."""

    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class Mass:
    """What went into a lot's batch and what came out of it, grams, with the recipe's band in basis points.

    input_g and output_g are None where fewer than five households stand behind the lot: a sum would be a family's
    weight. named: whether everything that went in is the crops named, and not other goods or material.
    """

    input_g: int | None
    output_g: int | None
    least_bp: int
    most_bp: int
    within: bool
    named: bool


@dataclass(frozen=True)
class Origin:
    """Where a lot comes from, as the scan page may say it.

    households: how many, or None for "fewer than five" (unless all of them agreed to be shown).
    places: communes with their province; never anything finer. provinces: these alone, for a map.
    makers: those who agreed, by name; of fewer than five households only if all of them did.
    mass: None where the lot came from no batch.
    has_slips: False where nothing was weighed in (bought goods, or a promise): then nothing is claimed.
    """

    lot_code: str
    product_id: int
    product_name: str
    product_slug: str
    cooperative_id: int
    kind: str
    state: str
    made_on: date
    expires_on: date | None
    recall_reason: str
    crops: tuple[str, ...]
    places: tuple[str, ...]
    households: int | None
    makers: tuple[Maker, ...]
    has_slips: bool
    steps: tuple[OriginStep, ...]
    provinces: tuple[str, ...] = ()
    mass: Mass | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Of those who agreed to be shown."""
        return tuple(one.name for one in self.makers)

    @property
    def unnamed(self) -> int:
        """How many households are counted, but not named."""
        return max(0, (self.households or 0) - len(self.makers))
