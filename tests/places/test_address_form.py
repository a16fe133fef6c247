"""Choosing a commune without script."""

from flask import Flask
from flask.testing import FlaskClient

from core.db import db
from places.forms import AddressForm
from tests.factories.places import commune


def sent(app: Flask, **fields: str) -> AddressForm:
    """The form as posted, validated."""
    with app.test_request_context(method="POST", data=fields):
        form = AddressForm(meta={"csrf": False})
        form.valid = form.validate()  # type: ignore[attr-defined]
        return form


def test_a_certain_address_is_accepted_at_once(ctx: Flask) -> None:
    form = sent(ctx, place="con minh, thai nguyen", address_line="Thôn Chè Cọ")
    assert form.valid  # type: ignore[attr-defined]
    assert form.commune_id_chosen() == commune("Côn Minh").id


def test_a_split_commune_offers_its_successors_and_takes_the_choice(ctx: Flask) -> None:
    asked = sent(ctx, place="phường Đội Cấn, quận Ba Đình, Hà Nội")
    assert not asked.valid  # type: ignore[attr-defined]
    assert asked.commune_id.errors
    choice = int(asked.commune_id.choices[0].value)
    chosen = sent(ctx, place="phường Đội Cấn, quận Ba Đình, Hà Nội", commune_id=str(choice))
    assert chosen.valid  # type: ignore[attr-defined]
    assert chosen.commune_id_chosen() == choice


def test_a_choice_that_does_not_belong_to_the_text_is_not_taken(ctx: Flask) -> None:
    form = sent(ctx, place="phường Đội Cấn, quận Ba Đình, Hà Nội", commune_id=str(commune("Côn Minh").id))
    assert not form.valid  # type: ignore[attr-defined]


def test_a_misspelt_name_offers_what_is_near(ctx: Flask) -> None:
    form = sent(ctx, place="Côn, Thái Nguyên")
    assert "xã Côn Minh, Thái Nguyên" in [one.label for one in form.commune_id.choices]


def test_nonsense_and_nothing_say_how_to_write_it(ctx: Flask) -> None:
    for typed in ("qwertyuiop", "", "<script>", "\u202e" * 40, "x" * 300):
        form = sent(ctx, place=typed, commune_id="-1")
        assert not form.valid  # type: ignore[attr-defined]
        assert form.place.errors


def test_a_known_address_fills_the_form(ctx: Flask) -> None:
    with ctx.test_request_context():
        form = AddressForm(meta={"csrf": False})
        form.show(commune("Côn Minh").id, "Số 5")
        assert form.place.data == "xã Côn Minh, Thái Nguyên"
    db.session.rollback()


def test_suggestions_come_as_json_without_a_cookie(client: FlaskClient) -> None:
    answer = client.get("/places/communes?q=con minh")
    assert [row["full"] for row in answer.get_json()["results"]] == ["xã Côn Minh, Thái Nguyên"]
    assert "Set-Cookie" not in answer.headers
    assert client.get("/places/communes").get_json() == {"results": []}
