"""Papers speak Vietnamese, say DEMO and who printed them, name nobody in their code; signed ones are kept as photos."""

import json
import os
import unicodedata
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from accounts.rules import Actor, Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from households.models import Household
from registry.fairness import operations as fairness
from registry.models import Review
from registry.papers import operations, queries, sheets
from registry.papers.drawing import draw
from registry.papers.rules import DATA, DEMO, UNVERIFIED, PaperKind, layout, layouts, parse_layouts
from registry.procedure.hearings import Attendance, record_meeting
from registry.procedure.models import VillageMeeting
from registry.procedure.queries import recognition_of
from tests.accounts.test_views import token
from tests.factories.accounts import actor_for, sign_in
from tests.factories.places import commune
from tests.factories.procedure import posted, recognised, visited


def _said(data: bytes, name: str) -> str:
    """The file's words; kept for the eye where KEEP_PDFS names a folder."""
    if os.environ.get("KEEP_PDFS"):
        Path(os.environ["KEEP_PDFS"], f"{name}.pdf").write_bytes(data)
    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _pdf(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), address
    assert answer.headers["Cache-Control"] == "no-store"
    return _said(answer.data, "-".join(address.strip("/").split("/")[-2:]).removesuffix(".pdf")[-24:])


def test_every_layout_is_dated_says_its_source_and_none_claims_to_be_official() -> None:
    assert {one.paper for one in layouts()} == set(PaperKind)
    assert not any(one.verified for one in layouts()) and all(one.source for one in layouts())
    assert layout(PaperKind.MINUTES, clock.today()).id == "minutes-2025"
    raw = json.loads(DATA.read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="one day"):
        parse_layouts(json.dumps({"layouts": raw["layouts"] + raw["layouts"][:1]}))


def test_minutes_and_the_list_say_who_came_how_they_voted_and_who_printed_them(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        who, _case, wall = posted()
        wall_key = wall.key
        key = db.session.query(VillageMeeting).one().key
    sign_in(client, who)
    minutes = _pdf(client, f"/registry/papers/meetings/{key}.pdf")
    for word in ("BIÊN BẢN HỌP THÔN", "1 trên 1", "Bà con nghe và nói.", "Triệu Văn Chủ", "Hộ nghèo", DEMO[:4],
                 "Người chủ trì", f"{who.name} in lúc", UNVERIFIED[:20]):  # fmt: skip
        assert word in minutes, word
    assert "Niêm yết từ" in _pdf(client, f"/registry/papers/postings/{wall_key}.pdf")
    with clock.use(clock.start_of(clock.today().replace(month=12))):
        sign_in(client, who)  # an officer's machine has signed out by itself meanwhile
        assert client.get(f"/registry/papers/postings/{wall_key}.pdf").status_code == 404
    with app.app_context():
        assert db.session.query(AuditLine).filter_by(verb="print paper").count() >= 2
        other = actor_for(Role.COMMUNE_OFFICER, unit_id=commune("Cầu Giấy").id)
    sign_in(client, other)
    assert client.get(f"/registry/papers/meetings/{key}.pdf").status_code == 404


def test_a_certificate_verifies_by_a_code_that_names_nobody(ctx: Flask) -> None:
    who, case = recognised()
    held = recognition_of(case)
    assert held is not None
    with ctx.test_request_context():
        made = sheets.certificate(who.name, case, held)
    address = f"{ctx.config['BASE_URL']}/verify/certificate/{held.certificate_number}"
    said = _said(draw(made), "certificate")
    for word in ("GIẤY CHỨNG NHẬN HỘ NGHÈO", "12/QĐ-UBND", "Triệu Văn Chủ", "DEMO"):
        assert word in said, word
    document = pypdfium2.PdfDocument(draw(made))
    picture = document[0].render(scale=3).to_pil()
    document.close()
    assert {one.text for one in zxingcpp.read_barcodes(picture)} == {address}
    assert draw(made) == draw(made)


def test_forms_are_filled_in_with_what_is_known_and_empty_ones_can_be_taken_along(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        who, case = visited()
        key = case.key
    sign_in(client, who)
    filled = {kind: _pdf(client, f"/registry/papers/cases/{key}/{kind}.pdf") for kind in
              ("request", "form_a", "form_b", "form_c")}  # fmt: skip
    assert all("Triệu Văn Chủ" in one for one in filled.values())
    assert "Mẫu 01" in filled["request"] and "Nhà tạm" in filled["form_a"] and "Thiếu vốn" in filled["form_c"]
    for word in ("Tre, nứa, đất, ván tạm", "Điểm B1", "mức 140", "Hộ nghèo (DEMO)", "DEMO: điểm"):
        assert word in filled["form_b"], word
    assert client.get(f"/registry/papers/cases/{key}/certificate.pdf").status_code == 404
    assert "Triệu" not in _pdf(client, "/registry/papers/blank/form_b.pdf")
    assert client.get("/registry/papers/blank/minutes.pdf").status_code == 404


def _photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (800, 1000), "white").save(out, "JPEG")
    return out.getvalue()


def test_minutes_on_paper_alone_are_missing_until_a_photo_of_them_is_kept(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        who, case = visited()
        village, case_key, home_id = case.village, case.key, case.household_id
        with transaction():
            key = record_meeting(
                who, Attendance(village, clock.today(), "Lý Văn Trưởng", "Bàn Thị Thư", 1, "")
            ).key
        assert [(one.missing, one.scans) for one in queries.papers(who)] == [(True, 0)]
    sign_in(client, who)
    path = f"/registry/papers/meeting/{key}"
    assert "Thiếu biên bản" in client.get("/registry/papers").text
    page = client.get(path).text
    sent = client.post(path, data={"csrf_token": token(page), "photo": (BytesIO(_photo()), "bien-ban.jpg")})
    assert sent.status_code == 302
    with app.app_context():
        assert [(one.missing, one.scans) for one in queries.papers(who)] == [(False, 1)]
        scan = queries.scans_of(queries.meeting_for(who, key))[0].key
        with transaction():
            fairness.declare_kin(who, db.session.get_one(Household, home_id).key)
        with pytest.raises(NotAllowed), transaction():
            operations.keep_scan(who, "case", case_key, b"webp")
        with pytest.raises(Invalid), transaction():
            operations.keep_scan(who, "meeting", key, b"")
        far = actor_for(Role.COMMUNE_OFFICER, unit_id=commune("Cầu Giấy").id)
        with pytest.raises(NotFound), transaction():
            operations.read_scan(far, scan)
    photo = client.get(f"/registry/papers/photos/{scan}.webp")
    assert photo.mimetype == "image/webp" and photo.data[:4] == b"RIFF"
    assert photo.headers["Cache-Control"] == "no-store"


def test_a_family_prints_its_own_request(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        _who, case = visited()
        review = db.session.get_one(Review, case.review_id)
        me = Actor(user_id=review.started_by_user_id, role=Role.BUYER)
    sign_in(client, me.user_id)
    assert "Triệu Văn Chủ" in _pdf(client, "/declare/papers/request.pdf")
    assert client.get("/declare/papers/form_b.pdf").status_code == 404
