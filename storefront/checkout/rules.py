"""What a buyer has said so far, between the steps of ordering."""

from dataclasses import dataclass, field, fields
from typing import Any

CART_DAYS = 60
STEPS = ("where", "how", "review")


@dataclass
class Draft:
    """An order being written. phone: E.164. methods: cooperative id (text) → method. key: of the purchase to be.

    voucher: as typed. invoice: name, tax_code, address, email; empty when none is asked for.
    """

    key: str = ""
    name: str = ""
    phone: str = ""
    commune_id: int | None = None
    place: str = ""
    address_line: str = ""
    note: str = ""
    methods: dict[str, str] = field(default_factory=dict)
    voucher: str = ""
    gift_note: str = ""
    invoice: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Any) -> "Draft":
        """From what `stored` gave, leaving out anything unknown or of another shape."""
        if not isinstance(stored, dict):
            return cls()
        known = {one.name: stored[one.name] for one in fields(cls) if one.name in stored}
        commune = known.get("commune_id")
        known["commune_id"] = commune if isinstance(commune, int) else None
        for name in ("methods", "invoice"):
            said = known.get(name)
            known[name] = said if isinstance(said, dict) else {}
        return cls(**known)

    def stored(self) -> dict[str, Any]:
        """For the session and for the hidden field."""
        return vars(self) | {"methods": dict(self.methods), "invoice": dict(self.invoice)}

    def missing(self, seller_ids: list[int]) -> str | None:
        """The first step that is not answered yet, None when all are."""
        if not (self.name and self.phone and self.commune_id and self.address_line):
            return "where"
        if any(str(seller) not in self.methods for seller in seller_ids):
            return "how"
        return None
