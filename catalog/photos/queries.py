"""What a manager sees of a product's pictures: each with its state and faults, and what is still to be taken."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog import queries
from catalog.models import Photo
from catalog.photos.rules import FAULT_WORDS, GUIDES, Guide, Measures, Shot, faults, lacking, meter
from catalog.public import PictureView
from catalog.rules import PHOTOS_MAX, PhotoState


@dataclass(frozen=True)
class PhotoCard:
    """A picture in its row. state: pending, ready or failed. faults: (what is wrong, what to do), message ids.

    again: state of the picture that was taken to replace it, "" where there is none.
    """

    id: int
    position: int
    alt: str
    shot: str
    state: str
    error: str
    cover: bool
    drawn: bool
    view: PictureView | None
    faults: tuple[tuple[str, str], ...]
    again: str

    @property
    def good(self) -> bool:
        """It is ready and nothing is wrong with it."""
        return self.state == PhotoState.READY and not self.faults


@dataclass(frozen=True)
class Wanted:
    """A guided shot, and the picture that fills it."""

    shot: Shot
    guide: Guide
    card: PhotoCard | None


@dataclass(frozen=True)
class PhotoSet:
    """All pictures of a product, the five guided shots, and how good they are together in steps of ten."""

    cards: tuple[PhotoCard, ...]
    wanted: tuple[Wanted, ...]
    steps: int

    @property
    def missing(self) -> list[Wanted]:
        """The shots still to be taken."""
        return [one for one in self.wanted if one.card is None]

    @property
    def faulty(self) -> list[PhotoCard]:
        """Pictures that should be taken again."""
        return [card for card in self.cards if card.faults or card.state == PhotoState.FAILED]

    @property
    def pending(self) -> bool:
        """Whether the worker has still to do."""
        return any(PhotoState.PENDING in (card.state, card.again) for card in self.cards)

    @property
    def room(self) -> int:
        """How many more pictures may be added."""
        return max(0, PHOTOS_MAX - len(self.cards))


def photo_set(product_id: int) -> PhotoSet:
    """A product's pictures, in one query."""
    return judged(queries.photos(product_id))


def judged(photos: Sequence[Photo]) -> PhotoSet:
    """Pictures in their order with what is wrong with each."""
    again = {one.replaces_id: _state(one) for one in photos if one.replaces_id is not None}
    cards = tuple(_card(one, again.get(one.id, "")) for one in photos if one.replaces_id is None)
    by_shot: dict[str, PhotoCard] = {}
    for card in cards:
        if card.shot and card.state != PhotoState.FAILED and not by_shot.get(card.shot, _NONE).good:
            by_shot[card.shot] = card
    open_shots = lacking(by_shot)
    good = sum(not card.faults for card in by_shot.values())
    wanted = tuple(Wanted(shot, GUIDES[shot], None if shot in open_shots else by_shot[shot]) for shot in Shot)
    return PhotoSet(cards, wanted, meter(len(by_shot), good))


_NONE = PhotoCard(0, 0, "", "", "", "", False, False, None, (), "")


def _state(photo: Photo) -> str:
    """What the manager is told: a photo the worker gave up on has failed."""
    return PhotoState.FAILED if photo.work_state == "dead" else photo.state


def _card(photo: Photo, again: str) -> PhotoCard:
    measured = Measures(photo.brightness, photo.sharpness, photo.sent_width_px, photo.sent_height_px)
    wrong = tuple(FAULT_WORDS[one] for one in faults(measured))
    return PhotoCard(
        photo.id, photo.position, photo.alt, photo.shot or "", _state(photo), photo.error or "", photo.cover,
        photo.illustration is not None, queries.picture(photo), wrong, again,  # type: ignore[arg-type]
    )  # fmt: skip
