"""Every page of the access matrix, read strictly: as HTML, as text, and in English."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access import access_of
from app.i18n import english
from tests.routes.row import Row
from tests.site.reading import (
    HTML_MOST,
    Page,
    address,
    all_rows,
    broken_links,
    faults,
    left_in_vietnamese,
    page_rows,
    reader_of,
    sign_in_as,
    weight_gz,
)

PEOPLE = {"Người mua"}  # names of the world's people that are also words of ours
SENT = {"Số lượng", "Số điện thoại", "Mã vận đơn"}  # headings of a site's order file, shown as they were sent
PAGES = [pytest.param(row, id=f"{place}-{row.endpoint}") for place, row in enumerate(page_rows())]


def _open(app: Flask, client: FlaskClient, world: object, row: Row, **more: str) -> tuple[str, str]:
    """The page's text and its final path, opened by somebody who may."""
    role = reader_of(row)
    if role is not None:
        sign_in_as(client, world, role)
    answer = client.get(address(app, row, world, **more), follow_redirects=True)
    assert answer.status_code == 200, f"{row.endpoint} answers {answer.status_code}"
    assert answer.mimetype == "text/html", f"{row.endpoint} answers {answer.mimetype}: say page=False"
    return answer.get_data(as_text=True), answer.request.path


@pytest.mark.parametrize("row", PAGES)
def test_a_page_is_valid_named_labelled_light_and_leads_somewhere(
    app: Flask, client: FlaskClient, world: object, row: Row
) -> None:
    text, path = _open(app, client, world, row)
    page = Page(text)
    assert faults(page) + broken_links(app, page, path) == []
    assert weight_gz(text) <= HTML_MOST
    assert "Traceback" not in text and "Undefined" not in text and "None</" not in text


@pytest.mark.parametrize("row", PAGES)
def test_a_page_in_english_has_no_vietnamese_texts_of_ours_left(
    app: Flask, client: FlaskClient, world: object, row: Row
) -> None:
    text, _path = _open(app, client, world, row, hl="en")
    page = Page(text)
    known = {key: said for (_c, key), said in english().messages.items() if isinstance(said, str)}
    assert page.root.get("lang") == "en"
    own = SENT if row.endpoint == "marketplaces.orders_file" else set()
    assert set(left_in_vietnamese(page, known)) - PEOPLE - own == set()


def test_public_pages_set_no_cookie_and_carry_no_token(
    app: Flask, client: FlaskClient, world: object
) -> None:
    seen = 0
    for row in page_rows():
        with app.app_context():
            rule = access_of(row.endpoint)
        if rule is None or rule.kind != "public":
            continue
        answer = client.get(address(app, row, world))
        assert "Set-Cookie" not in answer.headers, row.endpoint
        assert b"csrf_token" not in answer.data, row.endpoint
        assert "Cookie" not in answer.headers.get("Vary", ""), row.endpoint
        seen += 1
    assert seen >= 5


def test_a_missing_page_says_what_to_do_in_both_languages(app: Flask, client: FlaskClient) -> None:
    for language, word in (("vi", "Không có trang này"), ("en", "There is no such page")):
        answer = client.get(f"/khong-co?hl={language}")
        page = Page(answer.get_data(as_text=True))
        assert answer.status_code == 404 and word in page.text
        assert faults(page) == []


def test_every_row_names_a_route_that_exists(app: Flask) -> None:
    gone = [row.endpoint for row in all_rows() if row.endpoint not in app.view_functions]
    assert gone == []
