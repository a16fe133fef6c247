"""What anybody may see of a question: frozen, plain values; never the phone."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its answer."""

    name: str
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime
