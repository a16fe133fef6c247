"""Settings, read once from the environment. Refuses to start and names what is missing."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.limits import LIMITS

ROOT = Path(__file__).resolve().parent
DEMO_SECRET = "demo-only-not-a-secret-" + "0" * 20
DEMO_FIELD_KEY = base64.b64encode(b"demo-only-field-key-000000000000").decode()
# Where each rail's interface is reached. Stripe's is its own; the three others are the providers' sandboxes as their
# published samples name them, never reached by us: production must name the real ones (docs/guide/providers.md).
RAIL_BASES = {
    "STRIPE_API_BASE": "https://api.stripe.com",
    "MOMO_API_BASE": "https://test-payment.momo.vn",
    "VNPAY_API_BASE": "https://sandbox.vnpayment.vn",
    "VNPAY_PAY_URL": "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",  # the page of the buyer
    "ZALOPAY_API_BASE": "https://sb-openapi.zalopay.vn",
}
DEMO_BASES = {
    "MOMO_API_BASE": "http://127.0.0.1:9"
}  # its collector's keys are invented: nobody is asked with them
MODES = ("demo", "production", "test")
OWNER_FIELDS = ("name", "address", "representative", "registration", "phone", "email")


class ConfigError(SystemExit):
    """A setting is missing or wrong; the text names the variable and says what to write."""


@dataclass(frozen=True)
class Owner:
    """Who runs the market, as the law wants it at every page's foot (Decree 248/2026, article not verified).

    address: of the head office. registration: code with date and place of issue. Invented ones say so: `illustrative`.
    """

    name: str
    address: str
    representative: str
    registration: str
    phone: str
    email: str
    illustrative: bool = False


DEMO_OWNER = Owner(
    "Đơn vị vận hành Chợ Phiên (minh hoạ)",
    "Số 10, phố Mẫu, phường Mẫu, Hà Nội",
    "Phan Văn Hạc",
    "0000000000, cấp ngày 01/01/2026, cơ quan đăng ký kinh doanh minh hoạ",
    "0900 000 000",
    "lien-he@chophien.example",
    illustrative=True,
)


@dataclass(frozen=True)
class Settings:
    """Every setting of the product."""

    mode: str
    secret_key: str
    field_key: str
    database_url: str
    storage_dir: Path
    instance_dir: Path
    base_url: str
    port: int
    bind: str
    web_workers: int
    database_wait_s: int
    kept_pages_bytes: int
    requests_per_minute: int
    message_gateway: str
    owner: Owner
    limits: dict[str, int]
    rail_bases: dict[str, str]
    field_keys_old: tuple[str, ...] = ()  # still open what they sealed
    index_key: str = ""  # of blind indexes; the field key until that changes
    web_database_url: str = ""  # the login of web processes on PostgreSQL; the owner's where it is not set
    log_key: str = ""
    log_origin: str = ""
    log_witnesses: str = ""
    log_witness_quorum: int = 0

    def for_web(self) -> "Settings":
        """The same for a web process: on PostgreSQL it comes in by a login that row-level security binds."""
        return replace(self, database_url=self.web_database_url or self.database_url)

    def flask(self) -> dict[str, object]:
        """The same, under the names that Flask and its extensions read."""
        secure = self.base_url.startswith("https://")
        return {
            "MODE": self.mode,
            "DEMO": self.mode != "production",
            "TESTING": self.mode == "test",
            "SECRET_KEY": self.secret_key,
            "FIELD_KEY": self.field_key,
            "FIELD_KEYS_OLD": self.field_keys_old,
            "INDEX_KEY": self.index_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "DATABASE_WAIT_S": self.database_wait_s,
            # an error of the database may be logged, and its parameters are names and numbers of people
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
            "STORAGE_DIR": str(self.storage_dir),
            "INSTANCE_DIR": str(self.instance_dir),
            "BASE_URL": self.base_url,
            "MESSAGE_GATEWAY": self.message_gateway,
            "OWNER": self.owner,
            "LIMITS": self.limits,
            "RAIL_BASES": self.rail_bases,
            "LOG_KEY": self.log_key,
            "LOG_ORIGIN": self.log_origin or f"{self.base_url.split('://', 1)[-1]}/log",
            "LOG_WITNESSES": self.log_witnesses,
            "LOG_WITNESS_QUORUM": self.log_witness_quorum,
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_HTTPONLY": True,
            "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "MAX_CONTENT_LENGTH": 17 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "WTF_CSRF_TIME_LIMIT": None,
            "KEPT_PAGES_BYTES": self.kept_pages_bytes,
            "RATELIMIT_STORAGE_URI": "memory-locked://",
            "RATELIMIT_DEFAULT": f"{self.requests_per_minute} per minute",
            "RATELIMIT_ENABLED": self.mode != "test",
            "BABEL_DEFAULT_LOCALE": "vi",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        }


def _database_url(url: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError(f"DATABASE_URL: expected sqlite:///… or postgresql://…, got {url.split(':')[0]}:…")
    return url


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name, str(default))
    if not raw.isdigit() or not low <= int(raw) <= high:
        raise ConfigError(f"{name}: expected a whole number from {low} to {high}, got {raw!r}")
    return int(raw)


def _secret(env: Mapping[str, str], name: str, demo: str, mode: str) -> str:
    value = env.get(name, "")
    if mode != "production":
        return value or demo
    if not value:
        raise ConfigError(f"{name}: must be set in production")
    if value == demo or len(value) < 32:
        raise ConfigError(f"{name}: the demonstration's or a short secret is refused in production")
    return value


def _field_key(value: str) -> str:
    try:
        size = len(base64.b64decode(value, validate=True))
    except ValueError:
        size = 0
    if size != 32:
        raise ConfigError("FIELD_KEY: expected 32 random bytes in base64 (openssl rand -base64 32)")
    return value


def _old_keys(env: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """(keys that still open, the key of indexes). Whoever changes the field key must keep the indexes' own, or
    nothing is found by them any more."""
    old = tuple(_field_key(one.strip()) for one in env.get("FIELD_KEYS_OLD", "").split(",") if one.strip())
    index = env.get("INDEX_KEY", "").strip()
    if old and not index:
        raise ConfigError("INDEX_KEY: set it to the first FIELD_KEY there was, since FIELD_KEYS_OLD is set")
    return old, _field_key(index) if index else ""


def _log_key(value: str) -> str:
    """The seed of the key that signs the log; empty where it is not set, and then production signs nothing."""
    try:
        size = len(base64.b64decode(value, validate=True))
    except ValueError:
        size = -1
    if size not in (0, 32):
        raise ConfigError("LOG_KEY: expected 32 random bytes in base64 (openssl rand -base64 32)")
    return value


def _owner(env: Mapping[str, str], mode: str) -> Owner:
    """The owner's six facts. In production each must be stated; elsewhere all or none, or half would be invented."""
    given = {field: env.get(f"OWNER_{field.upper()}", "").strip() for field in OWNER_FIELDS}
    if mode != "production" and not any(given.values()):
        return DEMO_OWNER
    for field, value in given.items():
        if not value:
            raise ConfigError(
                f"OWNER_{field.upper()}: the law asks for it at every page's foot. Needed: name, head office, "
                "legal representative, code with date and place of issue, phone, e-mail"
            )
    return Owner(**given, illustrative=False)


def _rail_base(env: Mapping[str, str], name: str, default: str, mode: str) -> str:
    """The address of a payment rail's interface. In production money speaks https only."""
    value = env.get(name, default).rstrip("/")
    if not value.startswith(("http://", "https://")) or (
        mode == "production" and value.startswith("http://")
    ):
        raise ConfigError(f"{name}: expected https://…, got {value!r}")
    return value


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises ConfigError (which ends the process) naming the first variable that is wrong."""
    env = os.environ if env is None else env
    mode = env.get("APP_MODE", "demo")
    if mode not in MODES:
        raise ConfigError(f"APP_MODE: expected one of {', '.join(MODES)}, got {mode!r}")
    port = _whole(env, "PORT", 8000, 1, 65535)
    instance = Path(env.get("INSTANCE_DIR", str(ROOT / "instance"))).resolve()
    old_keys, index_key = _old_keys(env)
    base_url = env.get("BASE_URL", f"http://localhost:{port}").rstrip("/")
    if mode == "production" and not base_url.startswith("https://"):
        raise ConfigError("BASE_URL: production needs an https:// address; labels and payment pages print it")
    return Settings(
        mode=mode,
        secret_key=_secret(env, "SECRET_KEY", DEMO_SECRET, mode),
        field_key=_field_key(_secret(env, "FIELD_KEY", DEMO_FIELD_KEY, mode)),
        database_url=_database_url(env.get("DATABASE_URL", f"sqlite:///{instance / 'chophien.sqlite3'}")),
        storage_dir=Path(env.get("STORAGE_DIR", str(instance / "files"))).resolve(),
        instance_dir=instance,
        base_url=base_url,
        port=port,
        bind=env.get("BIND", "0.0.0.0"),  # noqa: S104 - a phone on the same network must reach it
        web_workers=_whole(env, "WEB_WORKERS", 2, 1, 64),
        database_wait_s=_whole(env, "DATABASE_WAIT_S", 20, 1, 600),  # of one statement, in a request
        kept_pages_bytes=_whole(env, "KEPT_PAGES_BYTES", 8_000_000, 0, 10**9),
        requests_per_minute=_whole(env, "REQUESTS_PER_MINUTE", 600, 10, 10**9),
        message_gateway=env.get("MESSAGE_GATEWAY", "file"),
        owner=_owner(env, mode),
        limits={
            name: _whole(env, f"LIMIT_{name.upper()}", one.default, one.low, one.high)
            for name, one in LIMITS.items()
        },
        rail_bases={
            name: _rail_base(env, name, DEMO_BASES.get(name, base) if mode == "demo" else base, mode)
            for name, base in RAIL_BASES.items()
        },
        field_keys_old=old_keys,
        index_key=index_key,
        web_database_url=_database_url(web) if (web := env.get("WEB_DATABASE_URL", "")) else "",
        log_key=_log_key(env.get("LOG_KEY", "")),
        log_origin=env.get("LOG_ORIGIN", "").strip(),
        log_witnesses=env.get("LOG_WITNESSES", ""),
        log_witness_quorum=_whole(env, "LOG_WITNESS_QUORUM", 0, 0, 16),
    )
