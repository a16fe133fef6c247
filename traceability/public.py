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


@dataclass(frozen=True)
class Origin:
    """Where a lot comes from, as the scan page may say it.

    households: how many, or None for "fewer than five" (unless all of them agreed to be shown).
    places: communes with their province; never anything finer. names: of those who agreed, only if all did.
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
    names: tuple[str, ...]
    has_slips: bool
    steps: tuple[OriginStep, ...]
