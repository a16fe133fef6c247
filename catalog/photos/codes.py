"""The symbols on a photograph. Called in the darkroom alone: it hands an upload's pixels to a decoder."""

from io import BytesIO

import zxingcpp
from PIL import Image

CODES_MOST = 8


def codes(jpeg: bytes) -> list[str]:
    """What the bar codes and QR symbols on a picture say, the larger first; GS1's elements in brackets."""
    with Image.open(BytesIO(jpeg)) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"))
    return [one.text for one in found if one.text][:CODES_MOST]
