"""A household's own pages."""

import re

from flask import Flask
from flask.testing import FlaskClient

from accounts.operations import create_organisation
from accounts.rules import Actor, Role
from core.db import transaction
from households import operations, queries
from households.rules import Purpose
from tests.factories.accounts import create_user, sign_in
from tests.factories.households import create_household

FACTS = {"name": "Lý Thị Mẫu", "village": "Thôn Chè Cọ", "place": "con minh, thai nguyen", "sex": "female",
         "birth_year": "1984", "ethnic_code": "09"}  # fmt: skip


def token(client: FlaskClient, path: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    page = client.get(path).get_data(as_text=True)
    tags = re.findall(r'<input[^>]*name="(?:csrf_token|key)"[^>]*>', page)
    return {re.search(r'name="(\w+)"', tag)[1]: re.search(r'value="([^"]+)"', tag)[1] for tag in tags}  # type: ignore[index]


def person(app: Flask, *, housed: bool) -> int:
    """A signed-up person, with or without a household."""
    with app.app_context():
        user_id = create_user("Lý Thị Mẫu").id
        if housed:
            create_household(user_id=user_id)
    return user_id


def test_the_pages_ask_a_stranger_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/me/household").status_code in (302, 401)


def test_a_household_is_recorded_once_and_then_shown(app: Flask, client: FlaskClient) -> None:
    sign_in(client, person(app, housed=False))
    assert "Ghi nhà mình vào sổ" in client.get("/me/household").get_data(as_text=True)
    hidden = token(client, "/me/household/new")
    for _twice in range(2):
        assert client.post("/me/household/new", data=FACTS | hidden).status_code == 302
    page = client.get("/me/household").get_data(as_text=True)
    assert "xã Côn Minh, Thái Nguyên" in page
    assert "1 người trong nhà" in page


def test_what_was_typed_stays_when_something_is_wrong(app: Flask, client: FlaskClient) -> None:
    sign_in(client, person(app, housed=False))
    hidden = token(client, "/me/household/new")
    answer = client.post(
        "/me/household/new", data=FACTS | hidden | {"birth_year": "84", "place": "Không Đâu"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for typed in ("Thôn Chè Cọ", "Không Đâu", "84"):
        assert f'value="{typed}"' in page


def test_the_same_form_sent_twice_adds_one_person(app: Flask, client: FlaskClient) -> None:
    user_id = person(app, housed=True)
    sign_in(client, user_id)
    body = {
        "name": "Lý Văn Páo",
        "relation": "child",
        "sex": "male",
        "birth_year": "2010",
        "ethnic_code": "09",
    }
    hidden = token(client, "/me/household/people/new")
    for _twice in range(2):
        assert client.post("/me/household/people/new", data=body | hidden).status_code == 302
    assert "2 người trong nhà" in client.get("/me/household").get_data(as_text=True)


def test_an_agreement_is_shown_in_its_words_and_taken_back(app: Flask, client: FlaskClient) -> None:
    user_id = person(app, housed=True)
    with app.app_context():
        mine = queries.person_of_user(user_id)
        assert mine is not None
        with transaction():
            to = create_organisation("cooperative", "HTX Thử Nghiệm").id
            given = operations.give_consent(Actor(user_id, Role.BUYER), mine.id, to, Purpose.SHOW_NAME).id
    sign_in(client, user_id)
    page = client.get("/me/household").get_data(as_text=True)
    assert "HTX Thử Nghiệm ghi tên, thôn và dấu thêu" in page
    assert "agree that HTX Thử Nghiệm" in client.get("/me/household?hl=en").get_data(as_text=True)
    path = f"/me/household/consents/{given}/withdraw"
    assert client.post(path, data=token(client, "/me/household")).status_code == 302
    assert "đã bỏ" in client.get("/me/household").get_data(as_text=True)


def test_somebody_elses_agreement_is_not_found(app: Flask, client: FlaskClient) -> None:
    owner, stranger = person(app, housed=True), person(app, housed=True)
    with app.app_context():
        mine = queries.person_of_user(owner)
        assert mine is not None
        with transaction():
            to = create_organisation("cooperative", "HTX Thử Nghiệm").id
            given = operations.give_consent(Actor(owner, Role.BUYER), mine.id, to, Purpose.SHOW_NAME).id
    sign_in(client, stranger)
    hidden = token(client, "/me/household/people/new")
    assert client.post(f"/me/household/consents/{given}/withdraw", data=hidden).status_code == 404
