"""What a buyer has said so far, between the steps of ordering."""

from dataclasses import dataclass, field, fields
from typing import Any

CART_DAYS = 60
STEPS = ("who", "where", "how", "review")


@dataclass
class Draft:
    """An order being written. phone: E.164. methods: cooperative id (text) → method. key: of the purchase to be."""

    key: str = ""
    name: str = ""
    phone: str = ""
    commune_id: int | None = None
    place: str = ""
    address_line: str = ""
    note: str = ""
    methods: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Any) -> "Draft":
        """From what `stored` gave, leaving out anything unknown or of another shape."""
        if not isinstance(stored, dict):
            return cls()
        known = {one.name: stored[one.name] for one in fields(cls) if one.name in stored}
        commune, methods = known.get("commune_id"), known.get("methods")
        known["commune_id"] = commune if isinstance(commune, int) else None
        known["methods"] = methods if isinstance(methods, dict) else {}
        return cls(**known)

    def stored(self) -> dict[str, Any]:
        """For the session and for the hidden field."""
        return vars(self) | {"methods": dict(self.methods)}

    def missing(self, seller_ids: list[int]) -> str | None:
        """The first step that is not answered yet, None when all are."""
        if not (self.name and self.phone):
            return "who"
        if not (self.commune_id and self.address_line):
            return "where"
        if any(str(seller) not in self.methods for seller in seller_ids):
            return "how"
        return None
