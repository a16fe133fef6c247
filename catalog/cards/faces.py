"""What a shared card says: pure values, without the machinery that draws them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Face:
    """What a card says, already in words. picture: bytes of a photo or of our drawing; drawn: whether it is ours."""

    name: str
    price: str
    unit: str
    seller: str
    place: str
    address: str
    note: str
    drawn: bool
