"""How well comments are read: against a set that people judged, with precision and recall of the goods ordered."""

from dataclasses import dataclass
from pathlib import Path

from channels.reading.goods import Good, Shelf
from channels.reading.rules import Intent, read_message

FILE = Path(__file__).with_name("data") / "judged.tsv"
SHOWN = "H1"

Wanted = frozenset[tuple[tuple[str, ...], int]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A comment with what a seller takes it for: its intent, and each of its goods (codes it may be) with how many."""

    text: str
    intent: Intent
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Missed:
    """A comment that was read otherwise than judged."""

    text: str
    judged: str
    read: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """right of read are what precision is, right of judged recall: orders' goods with their number, to the piece."""

    comments: int
    intents_right: int
    read: int
    judged: int
    right: int
    missed: tuple[Missed, ...]

    @property
    def precision(self) -> float:
        """Of what was read, how much is right; 1 where nothing was read."""
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, how much was read."""
        return self.right / self.judged if self.judged else 1.0


def load(path: Path = FILE) -> tuple[Shelf, list[Judged]]:
    """The judged set. Raises ValueError for a line that is not one."""
    goods: list[Good] = []
    judged = []
    products: dict[str, int] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        cells = line.split("\t")
        if cells[0] == "good":
            _kind, code, name, label, net, unit = cells
            product = products.setdefault(name, len(products) + 1)
            goods.append(Good(len(goods) + 1, product, name, label, int(net), unit, code))
            continue
        text, intent, *wanted = cells
        judged.append(Judged(text, Intent(intent), _wanted(wanted[0] if wanted else "")))
    return Shelf(tuple(goods)), judged


def _wanted(cell: str) -> Wanted:
    pairs = (one.split("*") for one in cell.split())
    return frozenset((tuple(codes.split("/")), int(many)) for codes, many in pairs)


def judge(shelf: Shelf, judged: list[Judged]) -> Verdict:
    """Read every comment and compare. Goods count for orders alone: of a question nothing is put aside."""
    shown = shelf.by_code[SHOWN.casefold()]
    intents = read = there = right = 0
    missed = []
    for one in judged:
        message = read_message(one.text, shelf, shown)
        found: Wanted = frozenset()
        if message.intent is Intent.ORDER:
            found = frozenset(
                (tuple(good.code for good in item.packs), item.quantity) for item in message.items
            )
        intents += message.intent is one.intent
        read, there, right = read + len(found), there + len(one.wanted), right + len(found & one.wanted)
        if message.intent is not one.intent or found != one.wanted:
            missed.append(Missed(one.text, _said(one.intent, one.wanted), _said(message.intent, found)))
    return Verdict(len(judged), intents, read, there, right, tuple(missed))


def _said(intent: Intent, wanted: Wanted) -> str:
    return " ".join([str(intent), *sorted(f"{'/'.join(codes)}*{many}" for codes, many in wanted)])
