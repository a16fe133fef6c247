"""An identity number is noted because its owner wants it, shown by three digits, found by its index, erased at once."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from households.identity import operations, queries
from households.identity.models import PersonPaper
from households.identity.operations import Said
from households.identity.rules import Health, Why, normal_number
from registry.record.held import held
from registry.record.operations import ask
from registry.record.rules import Ask
from tests.factories import households, places, registry
from tests.factories.accounts import actor_for, sign_in

NUMBER = "019 084 000 123"


def officer(commune: str = "Côn Minh"):  # type: ignore[no-untyped-def]
    return actor_for(Role.COMMUNE_OFFICER, unit_id=places.commune(commune).id)


def noted(me, person_id: int, number: str = NUMBER, agreed: bool = True) -> None:  # type: ignore[no-untyped-def]
    with transaction():
        said = Said(Why.INSURANCE, number, [Health.DISABILITY], agreed)
        operations.note_paper(me, person_id, said)


def test_a_number_lies_sealed_and_shows_three_digits(ctx: Flask) -> None:
    one = households.create_person(households.create_household()).id
    noted(officer(), one)
    row = db.session.execute(sa.select(PersonPaper)).scalar_one()
    assert b"019084" not in bytes(row.number or b"") and "019084" not in (row.number_index or "")
    found = queries.noted(one)
    assert found is not None and (found.last, found.health) == ("123", ("disability",))


def test_a_double_is_found_by_the_index_in_the_commune_alone(ctx: Flask) -> None:
    me, home = officer(), households.create_household()
    one, two = (households.create_person(home, name).id for name in ("Lý Văn Páo", "Lý Văn Bảo"))
    there = households.create_person(households.create_household(places.commune("Cầu Giấy"))).id
    noted(me, one)
    noted(me, two, "019084000123")
    noted(officer("Cầu Giấy"), there)
    assert [person for person, _name in queries.others_with(me, one)] == [two]


def test_nothing_is_noted_without_a_yes_or_with_a_number_that_is_none(ctx: Flask) -> None:
    me, one = officer(), households.create_person(households.create_household()).id
    with pytest.raises(Invalid):
        noted(me, one, agreed=False)
    with pytest.raises(Invalid):
        noted(me, one, "12345")
    with pytest.raises(ValueError):
        normal_number("١٢٣٤٥٦٧٨٩")


def test_nobody_else_notes_or_looks(ctx: Flask) -> None:
    home = households.create_household()
    one = households.create_person(home).id
    for who, error in (
        (officer("Cầu Giấy"), NotFound),
        (actor_for(Role.VILLAGE_HEAD, unit_id=home.commune_id, village=home.village), NotAllowed),
        (actor_for(Role.MANAGER), NotAllowed),
    ):
        with pytest.raises(error), transaction():
            operations.look(who, one)


def test_the_household_reads_it_in_its_record_and_has_it_erased(ctx: Flask) -> None:
    family, home = registry.resident()
    one = households.create_person(home).id
    me = officer()
    noted(me, one)
    with transaction():
        operations.look(me, one)
    with ctx.test_request_context():
        said = [
            line
            for section in held(home)
            for entry in section.entries
            for line in (entry.title, *map(str, entry.lines))
        ]
    assert any("123" in line for line in said) and not any("019084" in line for line in said)
    assert any("3 số cuối" in line and "Xem" in line for line in said)  # who looked
    with transaction():
        assert ask(family, Ask.ERASE, "").erased_count == 1
    assert queries.noted(one) is None


def test_the_page_shows_no_digit_but_the_last_three(client: FlaskClient) -> None:
    with client.application.app_context():
        home = households.create_household()
        one, key, me = households.create_person(home).id, home.key, officer()
        db.session.remove()
    sign_in(client, me)
    client.application.config["WTF_CSRF_ENABLED"] = False
    path = f"/roster/{key}/identity/{one}"
    sent = {"why": "insurance", "number": NUMBER, "health": "disability", "agreed": "y"}
    assert client.post(path, data=sent).status_code == 302
    page = client.get(path).text
    assert "3 số cuối: 123" in page and "019" not in page.partition("<h1>")[2]
    assert client.post(f"{path}/forget").status_code == 302
    assert "3 số cuối: 123" not in client.get(path).text
    client.application.config["WTF_CSRF_ENABLED"] = True
