"""Who may open the pages of people."""

from accounts.rules import Role
from tests.routes.row import ANYBODY, SIGNED_IN, Row

HELPERS = frozenset({Role.MANAGER, Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD, Role.ADMINISTRATOR})
BOTH = ("GET", "POST")
ROWS = [
    Row("accounts.sign_in", ANYBODY, methods=BOTH),
    Row("accounts.second_step", ANYBODY, methods=BOTH, page=False),  # only in the middle of a sign-in
    Row("accounts.set_up_totp", ANYBODY, methods=BOTH, page=False),
    Row("accounts.sign_out", SIGNED_IN, methods=("POST",), page=False),
    Row("accounts.register", ANYBODY, methods=BOTH),
    Row("accounts.finish_registering", ANYBODY, methods=BOTH),
    Row("accounts.forgot", ANYBODY, methods=BOTH),
    Row("accounts.new_password", ANYBODY, methods=BOTH),
    Row("accounts.invitation", ANYBODY, own=lambda w: {"token": "not-a-token"}, methods=BOTH, page=False),
    Row("accounts.me", SIGNED_IN),
    Row("accounts.wear", SIGNED_IN, methods=("POST",), page=False),
    Row("machines.mine", SIGNED_IN),
    Row("machines.end_others", SIGNED_IN, methods=("POST",), page=False),
    Row(
        "machines.end",
        SIGNED_IN,
        own=lambda w: {"session_id": 999_999},
        methods=("POST",),
        page=False,
    ),
    Row("accounts.change_password", SIGNED_IN, methods=BOTH),
    Row("accounts.help_sign_in", HELPERS, methods=BOTH),
    Row("accounts.officers", frozenset({Role.ADMINISTRATOR}), methods=BOTH),
    Row(
        "accounts.end_office",
        frozenset({Role.ADMINISTRATOR}),
        own=lambda w: {"grant_id": 999_999},
        methods=("POST",),
        page=False,
    ),
    Row(
        "accounts.lost_phone",
        frozenset({Role.ADMINISTRATOR}),
        own=lambda w: {"grant_id": w.grants[Role.COMMUNE_OFFICER]},
        methods=BOTH,
    ),
    Row("prompts.language", SIGNED_IN, methods=BOTH, post=lambda w: {"language": "tyz"}),
    Row("prompts.recordings", frozenset({Role.ADMINISTRATOR, Role.DIGITAL_TEAM}), methods=BOTH),
    Row("prompts.sound", ANYBODY, own=lambda w: {"recording_id": 999_999}, page=False),
    Row("health.alive", ANYBODY, page=False),
    Row("health.ready", ANYBODY, page=False),
]
