"""Settings: read once, refused by name."""

import base64

import pytest

from config import DEMO_FIELD_KEY, DEMO_SECRET, ConfigError, load

GOOD = {
    "APP_MODE": "production",
    "BASE_URL": "https://chophien.example",
    "SECRET_KEY": "s" * 40,
    "FIELD_KEY": base64.b64encode(b"k" * 32).decode(),
    "OWNER_NAME": "Công ty Mẫu",
    "OWNER_ADDRESS": "Số 1, phố Mẫu, Hà Nội",
    "OWNER_REPRESENTATIVE": "Đỗ Minh Mẫu",
    "OWNER_REGISTRATION": "0100000000, cấp ngày 01/07/2026, Sở Mẫu",
    "OWNER_PHONE": "1900 0000",
    "OWNER_EMAIL": "chu@mau.example",
}


def test_production_starts_with_its_own_secrets():
    assert load(GOOD).mode == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""), ("SECRET_KEY", DEMO_SECRET), ("SECRET_KEY", "too short"),
        ("FIELD_KEY", ""), ("FIELD_KEY", DEMO_FIELD_KEY), ("FIELD_KEY", "x" * 40), ("FIELD_KEY", "!" * 44),
        ("BASE_URL", "http://chophien.example"), ("BASE_URL", ""), ("OWNER_NAME", ""),
        ("OWNER_ADDRESS", " "), ("OWNER_REPRESENTATIVE", ""), ("OWNER_REGISTRATION", ""), ("OWNER_PHONE", ""),
        ("OWNER_EMAIL", ""),
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


def test_the_demonstrations_owner_says_that_it_is_invented():
    assert load({}).owner.illustrative
    assert not load(GOOD).owner.illustrative


def test_half_an_owner_is_refused_everywhere():
    with pytest.raises(ConfigError, match=r"^OWNER_ADDRESS: "):
        load({"OWNER_NAME": "Công ty Mẫu"})


def test_a_limit_is_never_set_below_what_the_law_asks():
    assert load({"LIMIT_ORDER_YEARS": "10"}).limits["order_years"] == 10
    with pytest.raises(ConfigError, match=r"^LIMIT_ORDER_YEARS: "):
        load({"LIMIT_ORDER_YEARS": "2"})
    with pytest.raises(ConfigError, match=r"^LIMIT_TAKEDOWN_HOURS: "):
        load({"LIMIT_TAKEDOWN_HOURS": "25"})
