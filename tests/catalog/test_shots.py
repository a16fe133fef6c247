"""The rules of photos: what is dark, blurred, small or missing, on pictures that were made to be so."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from catalog.photos import pictures
from catalog.photos.rules import (
    BLURRED_BELOW,
    DARK_BELOW,
    FAULT_WORDS,
    GUIDES,
    SMALL_BELOW_PX,
    Fault,
    Measures,
    Shot,
    faults,
    lacking,
    meter,
    suggested_alt,
)

GOOD = Measures(brightness=130, sharpness=400, width_px=1600, height_px=1200)


def scene(size=(1600, 1200)):
    """A pack with printed lines before a plain wall, in good light."""
    image = Image.new("RGB", size, (205, 200, 190))
    draw, (w, h) = ImageDraw.Draw(image), size
    draw.rectangle((w // 3, h // 4, 2 * w // 3, h - h // 6), fill=(120, 70, 40))
    for line in range(h // 3, h - h // 4, max(8, h // 40)):
        draw.rectangle(
            (w // 3 + w // 40, line, 2 * w // 3 - w // 40, line + max(3, h // 120)), fill=(245, 240, 230)
        )
    return image


def measured(image):
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    made = pictures.make(out.getvalue())
    return Measures(made.brightness, made.sharpness, made.sent_width_px, made.sent_height_px)


def test_a_good_photo_has_no_fault():
    assert faults(measured(scene())) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda image: ImageEnhance.Brightness(image).enhance(0.2), Fault.DARK),
        (lambda image: image.filter(ImageFilter.GaussianBlur(14)), Fault.BLURRED),
        (lambda image: image.resize((700, 525)), Fault.SMALL),
    ],
)
def test_a_spoilt_photo_is_told_from_a_good_one(spoil, fault):
    assert fault in faults(measured(spoil(scene())))


def test_a_thing_in_focus_before_a_blurred_wall_is_not_blurred():
    image = scene().filter(ImageFilter.GaussianBlur(12))
    w, h = image.size
    image.paste(scene().crop((w // 3, h // 3, 2 * w // 3, 2 * h // 3)), (w // 3, h // 3))
    assert Fault.BLURRED not in faults(measured(image))


def test_what_was_never_measured_has_no_fault():
    assert faults(Measures()) == []


@pytest.mark.parametrize(
    ("field", "edge", "fault"),
    [
        ("brightness", DARK_BELOW, Fault.DARK),
        ("sharpness", BLURRED_BELOW, Fault.BLURRED),
        ("height_px", SMALL_BELOW_PX, Fault.SMALL),
    ],
)
def test_a_limit_itself_is_good_enough(field, edge, fault):
    from dataclasses import replace

    assert fault not in faults(replace(GOOD, **{field: edge}))
    assert fault in faults(replace(GOOD, **{field: edge - 1}))


def test_what_is_missing_comes_in_the_order_of_taking():
    assert lacking([]) == list(Shot)
    assert lacking(["front", "back", "hand", "ingredients", "field"]) == []
    assert lacking(["field", "anything else"]) == [Shot.FRONT, Shot.BACK, Shot.HAND, Shot.INGREDIENTS]


@pytest.mark.parametrize(("shots", "good", "steps"), [(0, 0, 0), (1, 1, 2), (1, 0, 1), (5, 5, 10), (5, 0, 5)])
def test_the_meter_counts_two_for_a_good_shot_and_one_for_a_poor_one(shots, good, steps):
    assert meter(shots, good) == steps


def test_every_shot_has_a_guide_and_every_fault_a_remedy():
    assert set(GUIDES) == set(Shot) and set(FAULT_WORDS) == set(Fault)
    assert all(guide.name and guide.how and "%(product)s" in guide.alt for guide in GUIDES.values())


@pytest.mark.parametrize(
    ("shot", "place", "words"),
    [
        (None, "", "Miến dong"),
        (None, "xã Côn Minh, Thái Nguyên", "Miến dong từ xã Côn Minh, Thái Nguyên"),
        (Shot.FRONT, "xã Côn Minh, Thái Nguyên", "Miến dong ở xã Côn Minh, Thái Nguyên, mặt trước"),
        (Shot.BACK, "xã Côn Minh, Thái Nguyên", "Nhãn mặt sau của Miến dong"),
        (Shot.FIELD, "", "Nơi làm ra Miến dong"),
    ],
)
def test_words_are_suggested_from_product_and_place(shot, place, words):
    assert suggested_alt(shot, "Miến dong", place) == words
