"""Time limits that the law, or the market's own promise, sets: how long for an answer, how long a record stays.

Each is a setting `LIMIT_<NAME>` with a default, the range in which it makes sense, where it was read, and whether that
was checked against the official text. None was so far: pages that print one say so (see ADR 13).
"""

from dataclasses import dataclass

from flask import current_app


@dataclass(frozen=True)
class Limit:
    """One limit. default, low and high are whole numbers of `unit`. A legal minimum is `low`: nobody sets less."""

    default: int
    low: int
    high: int
    unit: str
    source: str
    verified: bool = False


SECOND_HAND = "Law 122/2025/QH15 and Decree 248/2026, article numbers second hand"
OURS = "the market's own promise"
LIMITS: dict[str, Limit] = {
    "takedown_hours": Limit(24, 1, 24, "hours", SECOND_HAND),
    "suspension_days": Limit(5, 5, 60, "days", SECOND_HAND),
    "appeal_days": Limit(15, 1, 90, "days", OURS),
    "complaint_receipt_days": Limit(1, 1, 7, "days", OURS),
    "complaint_answer_days": Limit(3, 1, 30, "days", OURS),
    "complaint_market_days": Limit(7, 1, 30, "days", OURS),
    "complaint_verdict_days": Limit(7, 1, 30, "days", OURS),
    "return_days": Limit(14, 1, 60, "days", OURS),
    "order_years": Limit(3, 3, 20, "years", SECOND_HAND),
    "listing_years": Limit(1, 1, 20, "years", SECOND_HAND),
    "click_days": Limit(400, 30, 4000, "days", OURS),
}


def limit(name: str) -> int:
    """The limit in force, in its own unit. Raises KeyError for a name that is none."""
    return int(current_app.config["LIMITS"][name])
