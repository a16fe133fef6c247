"""What form C may say. The causes are recalled, no text of law was at hand: their list is unverified. Pure."""

import json
from dataclasses import dataclass

from core.i18n import N_

UNKNOWN = "unknown"
DISABILITY = ("disabled", "able", UNKNOWN)
VERIFIED = False
CAUSES: dict[str, str] = {
    "land": N_("Thiếu đất sản xuất"),
    "capital": N_("Thiếu vốn"),
    "labour": N_("Thiếu người làm"),
    "tools": N_("Thiếu công cụ, phương tiện"),
    "knowledge": N_("Chưa biết cách làm ăn"),
    "skills": N_("Chưa có nghề"),
    "illness": N_("Có người ốm nặng, tai nạn"),
    "other": N_("Nguyên nhân khác"),
}


@dataclass(frozen=True)
class Traits:
    """What was said. causes: codes of CAUSES; disability: whether anybody of the household is disabled."""

    causes: tuple[str, ...] = ()
    disability: str = UNKNOWN

    def written(self) -> str:
        """As it is kept, before it is encrypted."""
        return json.dumps({"causes": list(self.causes), "disability": self.disability})

    @classmethod
    def read(cls, text: str) -> "Traits":
        """What was written."""
        said = json.loads(text)
        return cls(tuple(said["causes"]), said["disability"])


def checked(causes: list[str], disability: str) -> Traits:
    """Traits in their order, each once. Raises ValueError for a word that form C does not know."""
    if disability not in DISABILITY or not set(causes) <= set(CAUSES):
        raise ValueError("no such trait")
    return Traits(tuple(code for code in CAUSES if code in causes), disability)
