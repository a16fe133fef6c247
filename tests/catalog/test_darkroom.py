"""The child process that opens uploads: what it may not do, and what happens when it dies."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from catalog.photos import darkroom, pictures
from catalog.photos.heads import NotAPicture, kind_of, size_of
from config import ROOT
from tests.catalog import phone


@pytest.fixture
def room():
    made = darkroom.Darkroom()
    yield made
    made.close()


def test_a_picture_made_in_the_darkroom_is_the_same_as_one_made_here(room):
    data = phone.jpeg(6, phone.upright((500, 400)))
    here = pictures.make(data)
    answer, blobs = room.develop(b"m", data)
    assert blobs == [here.jpeg, *here.webp.values()]
    assert answer["numbers"][:4] == [500, 400, 500, 400]
    assert room.develop(b"p", data)[1] == [pictures.paper(data)]


def test_a_refusal_comes_out_with_its_words(room):
    with pytest.raises(NotAPicture, match="hỏng") as refused:
        room.develop(b"m", phone.jpeg()[:2000])
    assert refused.value.remedy and refused.value.field == "photos"


def test_the_child_is_kept_warm_and_replaced_when_it_was_stopped(room):
    data = phone.jpeg(1, phone.upright((300, 300)))
    room.develop(b"m", data)
    first = room.child.pid
    room.develop(b"m", data)
    assert room.child.pid == first
    os.kill(first, signal.SIGTERM)
    room.child.wait()
    assert room.develop(b"m", data)[1] and room.child.pid != first


def test_a_picture_that_kills_the_child_has_failed_and_the_next_is_made(room, monkeypatch):
    """As a decoder that overruns its memory would: the kernel ends it in the middle of the work."""
    data = phone.jpeg(1, phone.upright((3000, 3000)))
    room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))
    killer = threading.Timer(0.05, os.kill, (room.child.pid, signal.SIGSEGV))
    killer.start()
    with pytest.raises(NotAPicture, match="máy không mở nổi"):
        for _ in range(50):
            room.develop(b"m", data)
    killer.join()
    assert room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))[1]


def test_a_picture_that_takes_for_ever_is_given_up(room, monkeypatch):
    room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))
    os.kill(room.child.pid, signal.SIGSTOP)
    monkeypatch.setattr(darkroom, "WALL_MAX_S", 0.3)
    with pytest.raises(NotAPicture, match="máy không mở nổi"):
        room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))
    assert room.child is None


def test_the_child_has_little_memory_no_files_and_no_secret(room, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for decoders")
    room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))
    inside = f"/proc/{room.child.pid}"
    with open(f"{inside}/limits") as file:
        limits = {line[:25].strip(): line[26:].split() for line in file}
    assert int(limits["Max address space"][0]) == 400 * 1024 * 1024
    assert limits["Max file size"][0] == "0" and int(limits["Max open files"][0]) == 16
    assert int(limits["Max cpu time"][0]) <= 60
    with open(f"{inside}/environ", "rb") as file:
        assert b"SECRET" not in file.read()


def test_a_child_that_answers_nonsense_is_not_believed(room, monkeypatch):
    room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))
    monkeypatch.setattr(darkroom, "ANSWER_MAX", 3)
    with pytest.raises(NotAPicture):
        room.develop(b"m", phone.jpeg(1, phone.upright((300, 300))))


def test_a_process_that_answers_requests_does_not_even_load_a_decoder():
    asked = "import app.parts, sys; [app.parts._modules(name) for name in ('models', 'views')]; " \
            "print(*{'PIL', 'pi_heif'} & set(sys.modules))"  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == ""


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(500, 400), (321, 999)])
def test_the_head_says_the_same_size_as_the_decoder(kind, size):
    data = phone.encoded(kind, phone.upright(size))
    assert kind_of(data) == kind and size_of(data, kind) == size


def test_a_lossless_webp_says_its_size_too():
    assert size_of(phone.encoded("WEBP", phone.upright((333, 222)), lossless=True), "WEBP") == (333, 222)


@pytest.mark.parametrize("data", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\0" * 5, b"\x89PNG\r\n\x1a\n" + bytes(8),
                                  b"RIFF\0\0\0\0WEBPVP8X", b"\0\0\0\x18ftypheic" + bytes(20)])  # fmt: skip
def test_a_head_that_says_no_size_is_broken(data):
    with pytest.raises(NotAPicture, match="hỏng"):
        size_of(data, kind_of(data))
