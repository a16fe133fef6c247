"""Broken, lying and hostile uploads: no crash, little memory, nothing active served, the position gone.

A few hundred in CI, ten thousand with EXAM=full; the same seed makes the same uploads.
"""

import os
from collections import Counter
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from catalog.photos import darkroom
from catalog.photos.heads import NotAPicture
from tests.catalog import uploads
from tests.exams.stage import rounds

pytestmark = pytest.mark.slow
COUNT = rounds(360, 10_000)
MEMORY_MAX_KB = 400 * 1024
ACTIVE = (
    b"<script",
    b"<svg",
    b"<html",
    b"PK\x03\x04",
    b"%PDF",
    b"Exif",
    b"EXIF",
    b"http://ns.adobe",
    b"Che Co",
    b"ICC_",
)


def peak_kb(pid):
    """The most memory a process has held, in kilobytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@contextmanager
def own_room():
    """A darkroom for one test, in place of the process's."""
    room = darkroom.Darkroom()
    before, darkroom._rooms[os.getpid()] = darkroom._rooms.get(os.getpid()), room
    try:
        yield room
    finally:
        room.close()
        darkroom._rooms.pop(os.getpid())
        if before is not None:
            darkroom._rooms[os.getpid()] = before


def is_bare_picture(data, kind):
    """A whole picture of that kind, and nothing before, behind or beside it."""
    image = Image.open(BytesIO(data), formats=(kind,))
    image.load()
    ends = (
        data.endswith(b"\xff\xd9") if kind == "JPEG" else len(data) == 8 + int.from_bytes(data[4:8], "little")
    )
    return ends and not image.getexif() and not any(mark in data for mark in ACTIVE)


def test_no_upload_hurts_the_worker_or_a_reader():
    outcomes, peak, children = Counter(), 0, set()
    with own_room() as room:
        for kind, seed in uploads.uploads(COUNT):
            try:
                served = darkroom.make_safely(uploads.made(kind, seed))
            except NotAPicture as refusal:
                assert refusal.remedy, (kind, seed)
                outcomes[kind, "refused"] += 1
            else:
                outcomes[kind, "served"] += 1
                assert is_bare_picture(served.jpeg, "JPEG"), (kind, seed)
                assert all(is_bare_picture(data, "WEBP") for data in served.webp.values()), (kind, seed)
            if room.child is not None and room.child.poll() is None:
                children.add(room.child.pid)
                peak = max(peak, peak_kb(room.child.pid))
    print(f"{COUNT} uploads, {len(children)} darkrooms, at most {peak // 1024} MB: {dict(outcomes)}")
    assert peak <= MEMORY_MAX_KB
    assert len(children) <= 1 + COUNT // darkroom.JOBS_MOST  # none of them ended a darkroom
    assert outcomes["whole", "refused"] == 0 and outcomes["wrong type", "served"] == 0
    assert outcomes["polyglot", "served"] > 0 and outcomes["exif bomb", "served"] > 0


@pytest.mark.parametrize(
    ("kind", "mode", "size", "options"),
    [
        ("PNG", "RGBA", (7_000, 7_000), {}),
        ("JPEG", "RGB", (7_000, 7_000), {"progressive": True, "subsampling": 0}),
        ("PNG", "P", (7_000, 7_000), {}),
        ("WEBP", "RGB", (6_000, 4_000), {"method": 0}),
    ],
)
def test_the_largest_pictures_stay_within_the_memory_or_are_refused(kind, mode, size, options):
    out = BytesIO()
    Image.new(mode, size, 90 if mode == "P" else (90, 120, 60, 200)[: len(mode)]).save(out, kind, **options)
    with own_room() as room:
        try:
            assert darkroom.make_safely(out.getvalue()).width_px == 1280
        except NotAPicture as refusal:
            assert kind == "WEBP" and "to quá" in str(refusal)
        assert peak_kb(room.child.pid) <= MEMORY_MAX_KB
