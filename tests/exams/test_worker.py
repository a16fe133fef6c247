"""The worker is killed again and again while messages and photos wait: every effect is there exactly once."""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from accounts.rules import SYSTEM
from catalog.models import Photo, Product
from catalog.photos.operations import add_photo
from config import ROOT
from core import files
from core.db import db, transaction
from messages.models import Message
from messages.operations import send
from tests.exams.stage import rounds, wait_for
from tests.factories.orders import stocked

pytestmark = pytest.mark.slow
PHOTOS = 4
COLUMNS = ("file_160", "file_320", "file_640", "file_1280", "file_jpeg")


def start(where):
    """The worker as a process of its own."""
    log = (where.folder / "worker.log").open("ab")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT, env=where.env(),
            start_new_session=True, stdout=log, stderr=log,
        )  # fmt: skip


def picture(shade):
    """Bytes of a photo of its own."""
    made = BytesIO()
    Image.new("RGB", (1600, 1200), (shade, 90, 120)).save(made, "JPEG")
    return made.getvalue()


def fill(app, where, messages):
    """Messages and photos that wait."""
    with where.inside(app):
        product_id = db.session.get_one(Product, stocked().product_id).id
        app.config["STORAGE_DIR"], before = str(where.folder / "files"), app.config["STORAGE_DIR"]
        try:
            for shade in range(PHOTOS):
                original = files.put(picture(shade * 40), ".jpg")
                with transaction():
                    add_photo(SYSTEM, product_id, secrets.token_hex(8), original)
        finally:
            app.config["STORAGE_DIR"] = before
        with transaction():
            for number in range(messages):
                send("+84912345678", "exam", f"Tin số {number}", f"exam:{number}")


def waiting(app, where):
    """How many messages and photos are not finished."""
    with where.inside(app):
        return sum(
            db.session.execute(select(func.count()).where(model.work_state != "done")).scalar_one()
            for model in (Message, Photo)
        )


def lapse(app, where):
    """Two minutes pass: what the dead worker had taken may be taken again."""
    with where.inside(app), transaction():
        for model in (Message, Photo):
            db.session.execute(update(model).where(model.work_state == "working").values(work_lease=0))


def sent(where):
    """The keys that the gateway saw, in order."""
    path = where.folder / "messages.jsonl"
    return [json.loads(line)["key"] for line in path.read_text().splitlines()] if path.exists() else []


def test_a_killed_worker_loses_and_repeats_nothing(where, session_app):
    kills, chance = rounds(5, 100), random.Random(11)
    messages = kills * 30
    fill(session_app, where, messages)
    for kill in range(kills):
        worker, before = start(where), len(sent(where))
        more = chance.randint(1, 12)
        try:
            wait_for(lambda before=before, more=more: len(sent(where)) >= before + more)
            time.sleep(chance.uniform(0, 0.05))
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        lapse(session_app, where)
        assert waiting(session_app, where) > 0, f"nothing left to do at kill {kill}: the exam proves nothing"
    worker = start(where)
    try:
        wait_for(lambda: waiting(session_app, where) == 0, 120)
    finally:
        worker.terminate()
        assert worker.wait(timeout=20) == 0
    check(session_app, where, messages, kills)


def check(app, where, messages, kills):
    """Every message went out; at most one per kill went twice, under the same key; every photo has its files once."""
    seen = Counter(key for key in sent(where) if key.startswith("exam:"))
    assert len(seen) == messages
    assert seen.total() <= messages + kills
    with where.inside(app):
        assert db.session.execute(select(func.count()).where(Message.sent_at.is_(None))).scalar_one() == 0
        photos = db.session.execute(select(Photo).where(Photo.original.is_not(None))).scalars().all()
        named = {getattr(photo, column) for photo in photos for column in COLUMNS}
        assert [photo.state for photo in photos] == ["ready"] * PHOTOS
    public = where.folder / "files" / "p"
    kept = {f"p/{path.relative_to(public)}" for path in public.rglob("*.*")}
    assert named <= kept and {name for name in kept if name.endswith(".webp")} == {
        n for n in named if n.endswith(".webp")
    }
