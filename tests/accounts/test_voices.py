"""Prompts in writing and in the languages people speak at home."""

import io
import re
from pathlib import Path

import pytest
from babel import Locale, UnknownLocaleError

from accounts.models import User
from accounts.rules import Role
from accounts.voices import queries
from accounts.voices.operations import choose_language, keep_recording
from accounts.voices.reference import prompts
from accounts.voices.rules import LANGUAGES, RECORDING_MAX_BYTES, check_recording, suffix_of
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.format import number
from registry.questions import QUESTIONS
from tests.factories.accounts import actor_for, create_user, sign_in
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OGG = b"OggS\x00\x02" + bytes(58)
MP3 = b"ID3\x04\x00\x00" + bytes(58)
M4A = b"\x00\x00\x00\x1cftypM4A " + bytes(50)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(60)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40)


def used():
    """Prompt ids of every template."""
    found = {}
    for path in TEMPLATES.rglob("*.html"):
        for one in re.findall(r'call helped\("([^"]+)"\)', path.read_text(encoding="utf-8")):
            found.setdefault(one, path.name)
        if 'call helped("declare." ~ asked.id)' in path.read_text(encoding="utf-8"):
            found |= {f"declare.{one.id}": path.name for one in QUESTIONS}
    return found


def test_every_prompt_used_in_a_template_is_in_the_catalogue():
    assert used() and set(used()) <= set(prompts())


def test_every_prompt_in_the_catalogue_stands_beside_a_step():
    assert set(prompts()) == set(used())


def test_a_prompt_is_short_enough_to_be_read_aloud_in_a_minute():
    assert max(len(one.vi.split()) for one in prompts().values()) <= 60


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "vie"])
def test_babel_knows_none_of_these_languages_so_numbers_cannot_follow_them(code):
    with pytest.raises(UnknownLocaleError):
        Locale.parse(code)


@pytest.mark.parametrize(("data", "suffix"), [
    (OGG, ".ogg"), (MP3, ".mp3"), (b"\xff\xfb\x90\x64" + bytes(60), ".mp3"), (M4A, ".m4a"),
    (WEBM, ".webm"), (WAV, ".wav"),
])  # fmt: skip
def test_a_recording_is_known_by_its_first_bytes(data, suffix):
    assert check_recording(data) == suffix


@pytest.mark.parametrize("data", [
    b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html>", b"\xff\xd8\xff\xe0" + bytes(60),
    b"PK\x03\x04",
    b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WEBP", b"\xff\xff\xff\xff", b"OggX" + bytes(60),
])  # fmt: skip
def test_what_is_no_sound_is_refused_with_what_to_send(data):
    with pytest.raises(Invalid) as refused:
        check_recording(data)
    assert refused.value.field == "sound" and refused.value.remedy


def test_a_recording_over_a_megabyte_is_refused():
    with pytest.raises(Invalid, match="1 MB"):
        check_recording(OGG + bytes(RECORDING_MAX_BYTES))
    assert suffix_of(b"") == ""


@pytest.fixture
def coop(ctx):
    return create_cooperative()


@pytest.fixture
def recorder(coop):
    return actor_for(Role.DIGITAL_TEAM, coop.organisation_id)


def test_a_newer_recording_takes_the_place_of_the_one_before(recorder):
    with transaction():
        keep_recording(recorder, "product.name", "tyz", "p/aa/one.ogg")
        second = keep_recording(recorder, "product.name", "tyz", "p/aa/two.ogg").id
        same = keep_recording(recorder, "product.name", "tyz", "p/aa/two.ogg").id
    row = next(one for one in queries.catalogue() if one.prompt.id == "product.name")
    assert row.recordings == {"tyz": second} and same == second


def test_only_administrators_and_the_digital_team_record(coop):
    with pytest.raises(NotAllowed), transaction():
        keep_recording(actor_for(Role.MANAGER, coop.organisation_id), "product.name", "tyz", "p/aa/one.ogg")


def test_a_prompt_or_a_language_nobody_knows_is_refused(recorder):
    for prompt, language in (("no.such", "tyz"), ("product.name", "")):
        with pytest.raises(NotFound), transaction():
            keep_recording(recorder, prompt, language, "p/aa/one.ogg")
    with pytest.raises(Invalid), transaction():
        choose_language(recorder, "xyz")


def test_the_spoken_language_changes_neither_the_interface_nor_numbers(recorder):
    with transaction():
        choose_language(recorder, "tyz")
    assert db.session.get_one(User, recorder.user_id).spoken_language == "tyz"
    assert number(1_234_567) == "1.234.567"
    with transaction():
        choose_language(recorder, None)
    assert db.session.get_one(User, recorder.user_id).spoken_language is None


@pytest.fixture
def people(app):
    with app.app_context():
        coop = create_cooperative()
        manager = actor_for(Role.MANAGER, coop.organisation_id)
        recorder = actor_for(Role.DIGITAL_TEAM, coop.organisation_id)
        buyer = create_user("Người Mua").id
        db.session.rollback()
    return {"manager": manager.user_id, "recorder": recorder.user_id, "buyer": buyer}


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def upload(client, data, prompt="product.name", language="tyz"):
    page = client.get("/prompts")
    sent = {
        "csrf_token": token(page),
        "prompt": prompt,
        "language": language,
        "sound": (io.BytesIO(data), "ghi.ogg"),
    }
    return client.post("/prompts", data=sent, content_type="multipart/form-data")


def choose(client, code):
    page = client.get("/me/spoken-language")
    return client.post("/me/spoken-language", data={"csrf_token": token(page), "language": code})


def test_a_recording_is_heard_beside_its_step_and_where_there_is_none_the_page_says_so(app, people):
    recorder, manager = app.test_client(), app.test_client()
    sign_in(recorder, people["recorder"])
    sign_in(manager, people["manager"])
    before = manager.get("/manage/products/new").text
    assert (
        "<audio" not in before
        and "Chưa có tiếng" not in before
        and "Viết tên món hàng như trên nhãn" in before
    )
    assert upload(recorder, OGG).status_code == 302
    assert choose(manager, "tyz").status_code == 302
    answer = manager.get("/manage/products/new")
    (address,) = re.findall(r'<audio[^>]*src="([^"]+)"', answer.text)
    assert "Chưa có tiếng: chưa ai ghi câu này bằng tiếng Tày" in answer.text
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    with app.test_client().get(address) as sound:
        assert (sound.status_code, sound.mimetype, sound.data) == (200, "audio/ogg", OGG)
        assert sound.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_no_sound_is_refused_on_the_page(app, people):
    client = app.test_client()
    sign_in(client, people["recorder"])
    answer = upload(client, b"<script>alert(1)</script>")
    assert answer.status_code == 422 and "không phải bản ghi âm" in answer.text
    assert client.get("/prompts/999").status_code == 404


def test_who_chose_a_language_costs_one_query_a_page(app, people):
    client = app.test_client()
    sign_in(client, people["manager"])
    client.get("/manage/products/new")
    with count_queries(app) as plain:
        client.get("/manage/products/new")
    choose(client, "hmn")
    with count_queries(app) as spoken:
        client.get("/manage/products/new")
    assert spoken.count == plain.count + 1
