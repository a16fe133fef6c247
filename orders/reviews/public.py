"""What anybody may see of a review: frozen, plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review that stands. name: as the buyer typed it; province: where the parcel went."""

    id: int
    stars: int
    text: str
    name: str
    province: str
    written_at: datetime
    answer: str
