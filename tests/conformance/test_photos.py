"""Real phones' photos: eight orientations, one with a position, one HEIC."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from catalog.photos.pictures import make, sniff
from tests.conftest import SHARED

FOLDER = SHARED / "photos"


def test_the_real_photos_are_there():
    assert len(list(FOLDER.glob("*.*"))) >= 10


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.*")))
def test_a_real_photo_is_served_small_and_bare(name):
    sent = (FOLDER / name).read_bytes()
    assert sniff(sent) == ("HEIF" if name.upper().endswith("HEIC") else "JPEG")
    served = make(sent)
    assert len(served.webp[640]) <= 40_000
    for data in (*served.webp.values(), served.jpeg):
        assert not Image.open(BytesIO(data)).getexif()
        assert not any(mark in data for mark in (b"Exif", b"EXIF", b"XMP", b"http://ns.adobe.com"))


@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_the_same_scene_looks_the_same_however_the_phone_was_held(shape, orientation):
    def scene(number):
        served = make((FOLDER / f"recurser_{shape}_{number}.jpg").read_bytes())
        return Image.open(BytesIO(served.webp[320])).convert("L").resize((64, 64))

    difference = ImageStat.Stat(ImageChops.difference(scene(1), scene(orientation))).mean[0]
    assert difference < 12
