"""The page of photos over HTTP: retries, refusals, the clip, and what a buyer's page then allows."""

import re
from io import BytesIO

import pytest

from catalog import queries, tasks
from core.db import db
from tests.catalog import films, phone
from tests.factories.accounts import sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.queries import count_queries


@pytest.fixture
def shop(app):
    """A published product with one drawing: its id, its first photo's, and the manager."""
    with app.app_context():
        coop = create_cooperative()
        product = create_product(coop)
        found = {"id": product.id, "drawing": product.photos[0].id, "manager": manager_of(coop)}
        db.session.rollback()
    return found


@pytest.fixture
def manager(client, shop):
    sign_in(client, shop["manager"])
    return client


def page_of(shop):
    return f"/manage/products/{shop['id']}/photos"


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def send(manager, path, page, accept="text/html", **fields):
    data = {"csrf_token": token(manager.get(page))} | fields
    return manager.post(path, data=data, content_type="multipart/form-data", headers={"Accept": accept})


def jpeg(size=(800, 600), name="IMG_1.JPG"):
    return (BytesIO(phone.jpeg(6, phone.upright(size))), name)


def rows(app, shop):
    with app.app_context():
        found = [(one.id, one.shot, one.alt, one.state) for one in queries.photos(shop["id"])]
        db.session.rollback()
    return found


def work(app):
    with app.app_context():
        return tasks.finish_photos()


def test_photos_for_several_shots_come_in_one_form_and_a_bad_one_spoils_none(app, manager, shop):
    answer = send(manager, page_of(shop), page_of(shop), front=jpeg(), choose=[jpeg((500, 400)), jpeg((400, 500))],
                  back=(BytesIO(b"<svg onload=alert(1)>"), "nhan.svg"))  # fmt: skip
    assert answer.status_code == 422
    assert "nhan.svg: Tệp này không phải ảnh" in answer.text and "Đã nhận 3 ảnh" in answer.text
    assert [shot for _id, shot, _alt, _state in rows(app, shop)] == [None, None, None, "front"]
    assert "Đang xử lý" in answer.text


def test_an_empty_form_says_what_to_press(manager, shop):
    answer = send(manager, page_of(shop), page_of(shop))
    assert answer.status_code == 422 and "Chưa có ảnh nào được chọn" in answer.text


def test_a_page_that_sends_one_at_a_time_is_answered_in_json_and_may_send_again(app, manager, shop):
    def once(key):
        return send(manager, page_of(shop), page_of(shop), "application/json", hand=jpeg(), key=key)

    first, second = once("phone-key-1"), once("phone-key-1")
    assert first.status_code == second.status_code == 201
    assert first.json == second.json and first.json["photo_id"] == rows(app, shop)[1][0]
    assert len(rows(app, shop)) == 2 and rows(app, shop)[1][1] == "hand"


@pytest.mark.parametrize(
    ("data", "words"), [(phone.jpeg()[:200], "hỏng"), (b"", "trống"), (b"%PDF-1.7", "không phải ảnh")]
)
def test_a_refusal_in_json_says_what_to_do_in_the_readers_language(manager, shop, data, words):
    answer = send(
        manager,
        page_of(shop),
        page_of(shop),
        "application/json",
        camera=(BytesIO(data), "a.jpg"),
        key="k" * 12,
    )
    assert answer.status_code == 422 and words in answer.json["message"] and answer.json["remedy"]
    assert "a.jpg" not in answer.json["message"]
    english = send(
        manager,
        page_of(shop) + "?hl=en",
        page_of(shop),
        "application/json",
        camera=(BytesIO(data), "a.jpg"),
        key="k" * 12,
    )
    assert english.status_code == 422 and words not in english.json["message"]


def test_photos_are_described_moved_and_deleted_by_plain_forms(app, manager, shop):
    send(manager, page_of(shop), page_of(shop), choose=[jpeg(), jpeg((500, 500))])
    work(app)
    drawing, first, second = [row[0] for row in rows(app, shop)]

    def press(photo_id, do, **fields):
        answer = send(manager, f"/manage/photos/{photo_id}", page_of(shop), do=do, **fields)
        assert answer.status_code == 302 and page_of(shop) in answer.location

    press(second, "cover")
    press(second, "describe", alt="Bó miến", shot="hand")
    assert [row[0] for row in rows(app, shop)] == [second, drawing, first]
    assert rows(app, shop)[0][1:3] == ("hand", "Bó miến")
    press(second, "later")
    press(first, "earlier")
    assert [row[0] for row in rows(app, shop)] == [drawing, first, second]
    press(first, "delete")
    assert [row[0] for row in rows(app, shop)] == [drawing, second]


def test_a_photo_is_taken_again_and_keeps_its_place(app, manager, shop):
    send(manager, page_of(shop), page_of(shop), choose=jpeg((500, 500)))
    work(app)
    answer = send(manager, f"/manage/photos/{shop['drawing']}/again", page_of(shop), photo=jpeg())
    assert answer.status_code == 302
    assert "Ảnh mới đang xử lý" in manager.get(page_of(shop)).text
    work(app)
    found = rows(app, shop)
    assert len(found) == 2 and shop["drawing"] not in [row[0] for row in found] and found[0][0] > found[1][0]


def test_the_page_says_what_is_wrong_with_a_photo_and_what_is_missing(app, manager, shop):
    dark = phone.jpeg(1, phone.upright((400, 300)).point(lambda value: value // 8))
    send(manager, page_of(shop), page_of(shop), front=(BytesIO(dark), "toi.jpg"))
    work(app)
    page = manager.get(page_of(shop)).text
    assert "Ảnh tối." in page and "Ra gần cửa sổ" in page and "còn thiếu 4" in page


def test_the_page_costs_few_queries(app, manager, shop):
    send(manager, page_of(shop), page_of(shop), choose=[jpeg(), jpeg((500, 500))])
    with count_queries(app) as seen:
        assert manager.get(page_of(shop)).status_code == 200
    assert seen.count <= 12


# ---- the clip ----


def clip(manager, shop, **fields):
    return send(manager, f"/manage/products/{shop['id']}/clip", page_of(shop), **fields)


def test_a_linked_film_is_one_link_and_no_request_until_it_is_tapped(app, manager, shop):
    assert clip(manager, shop, link="https://youtu.be/dQw4w9WgXcQ?si=1").status_code == 302
    assert "Đang có phim ở YouTube" in manager.get(page_of(shop)).text
    answer = app.test_client().get("/products/mien-dong")
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in answer.text
    assert "Xem đoạn phim ở YouTube" in answer.text
    assert "<iframe" not in answer.text and not re.search(r'src="https?://', answer.text)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com" in policy and "tiktok" not in policy
    assert "frame-src" not in app.test_client().get("/").headers["Content-Security-Policy"]
    clip(manager, shop, do="remove")
    answer = app.test_client().get("/products/mien-dong")
    assert "youtube" not in answer.text.lower()
    assert "frame-src" not in answer.headers["Content-Security-Policy"]


def test_an_uploaded_film_is_served_in_pieces_under_its_own_type_without_its_position(app, manager, shop):
    assert clip(manager, shop, file=(BytesIO(films.mp4()), "nuong.mp4")).status_code == 302
    answer = app.test_client().get("/products/mien-dong")
    address = re.search(r'<source src="(/media/[^"]+\.mp4)" type="video/mp4">', answer.text)[1]
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    with app.test_client().get(address, headers={"Range": "bytes=0-99"}) as piece:
        assert (piece.status_code, len(piece.data), piece.mimetype) == (206, 100, "video/mp4")
        assert piece.headers["X-Content-Type-Options"] == "nosniff"
    with app.test_client().get(address) as answer:
        whole = answer.data
    assert films.PLACE not in whole and films.PICTURES in whole


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"link": "https://vimeo.com/1"}, "không phải một phim ở YouTube hay TikTok"),
        ({"link": ""}, "Dán đường dẫn, hoặc chọn một đoạn phim"),
        ({"file": (BytesIO(films.mp4(45)), "dai.mp4")}, "Phim dài 45 giây"),
        ({"file": (BytesIO(b"<svg>"), "x.mp4")}, "không phải phim MP4"),
    ],
)
def test_a_clip_that_cannot_be_is_refused_and_what_was_typed_stays(manager, shop, fields, words):
    answer = clip(manager, shop, **fields)
    assert answer.status_code == 422 and words in answer.text
    assert fields.get("link", "") in answer.text
