"""A lost phone is signed out from another; officers have made their second step once and keep it."""

from flask import Flask

from accounts.rules import Role
from tests.factories import places
from tests.factories.accounts import actor_for, sign_in


def test_a_lost_phone_is_signed_out_from_another(app: Flask) -> None:
    with app.app_context():
        me = actor_for(Role.COMMUNE_OFFICER, unit_id=places.commune().id)
    lost, here = app.test_client(), app.test_client()
    for phone in (lost, here):
        sign_in(phone, me)
        assert phone.get("/registry").status_code == 200
    app.config["WTF_CSRF_ENABLED"] = False
    assert here.post("/me/sessions/end").status_code == 302
    app.config["WTF_CSRF_ENABLED"] = True
    assert lost.get("/registry").status_code == 401
    assert here.get("/registry").status_code == 200  # still in her role, with the second step


def test_an_officers_session_without_the_second_step_wears_no_office(app: Flask) -> None:
    with app.app_context():
        me = actor_for(Role.COMMUNE_OFFICER, unit_id=places.commune().id)
    phone = app.test_client()
    sign_in(phone, me, totp=False)
    assert phone.get("/registry").status_code == 403
