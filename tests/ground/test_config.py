"""Settings: read once, refused by name."""

import base64

import pytest

from config import DEMO_FIELD_KEY, DEMO_SECRET, ConfigError, load

GOOD = {
    "APP_MODE": "production",
    "BASE_URL": "https://chophien.example",
    "SECRET_KEY": "s" * 40,
    "FIELD_KEY": base64.b64encode(b"k" * 32).decode(),
    "OWNER": "Công ty Mẫu, Hà Nội",
}


def test_production_starts_with_its_own_secrets():
    assert load(GOOD).mode == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""), ("SECRET_KEY", DEMO_SECRET), ("SECRET_KEY", "too short"),
        ("FIELD_KEY", ""), ("FIELD_KEY", DEMO_FIELD_KEY), ("FIELD_KEY", "x" * 40), ("FIELD_KEY", "!" * 44),
        ("BASE_URL", "http://chophien.example"), ("BASE_URL", ""), ("OWNER", ""),
    ],
)  # fmt: skip
def test_production_refuses_what_is_missing_weak_or_the_demonstrations(name, value):
    with pytest.raises(ConfigError, match=f"^{name}: "):
        load(GOOD | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "0"), ("PORT", "65536"), ("PORT", "-1"), ("WEB_WORKERS", "many"), ("APP_MODE", "live"),
     ("DATABASE_URL", "mysql://a/b")],
)  # fmt: skip
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(ConfigError, match=f"^{name}: "):
        load({name: value})


@pytest.mark.parametrize("short", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_the_usual_postgresql_addresses_work(short):
    assert load({"DATABASE_URL": short}).database_url == "postgresql+psycopg://u:p@h/d"


def test_a_wrong_address_is_not_repeated_in_the_refusal():
    with pytest.raises(ConfigError) as refused:
        load({"DATABASE_URL": "mysql://root:hunter2@host/db"})
    assert "hunter2" not in str(refused.value)


def test_the_demonstration_needs_no_settings():
    assert load({}).mode == "demo"
