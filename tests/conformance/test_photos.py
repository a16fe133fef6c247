"""Real phones' photos: eight orientations, one with a position, one HEIC."""

import random
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from catalog.photos.darkroom import make_safely
from catalog.photos.heads import NotAPicture
from catalog.photos.pictures import make, sniff
from catalog.photos.rules import Fault, Measures, faults
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


@pytest.mark.parametrize(
    "name", ["heic_IMG_5195.HEIC", "recurser_Landscape_6.jpg", "recurser_Portrait_1.jpg"]
)
def test_a_real_photo_in_focus_is_good_and_the_same_out_of_focus_is_not(name):
    served = make((FOLDER / name).read_bytes())
    seen = Measures(served.brightness, served.sharpness, served.sent_width_px, served.sent_height_px)
    assert faults(seen) == []
    blurred = BytesIO()
    Image.open(BytesIO(served.webp[1280])).filter(ImageFilter.GaussianBlur(6)).save(
        blurred, "JPEG", quality=90
    )
    again = make(blurred.getvalue())
    assert faults(Measures(again.brightness, again.sharpness, 1280, 960)) == [Fault.BLURRED]


def test_broken_copies_of_real_photos_hurt_nothing():
    chance, outcomes = random.Random(3), set()
    real = [(FOLDER / name).read_bytes() for name in ("heic_IMG_5195.HEIC", "jpg_gps_DSCN0010.jpg")]
    for turn in range(30):
        data = bytearray(real[turn % 2])
        for _ in range(chance.choice([1, 20, 300])):
            data[chance.randrange(len(data) if turn % 3 else 4_000)] = chance.randrange(256)
        try:
            served = make_safely(bytes(data[: chance.choice([len(data), len(data) // 2])]))
        except NotAPicture:
            outcomes.add("refused")
        else:
            outcomes.add("served")
            assert not any(mark in served.webp[640] for mark in (b"Exif", b"EXIF", b"GPS"))
    assert outcomes == {"refused", "served"}
