"""What every template may use: formats of money, weights and dates, versioned static files, the language switch."""

import hashlib
import json
from functools import cache, lru_cache
from urllib.parse import quote, urlencode

from flask import Flask, current_app, request
from flask_login import current_user
from markupsafe import Markup

from accounts.access import access_of, actor
from accounts.queries import organisation
from config import ROOT
from core import charts, clock, stitch
from core.format import day, instant, number, percent, spoken, spoken_mass, vnd, volume, weight
from core.i18n import LANGUAGES, language
from core.limits import limit

CANONICAL = ("category", "page")  # what makes another page of an address; the rest is how one looks at it
PATH_SAFE = "/!$&'()*+,:;=@~"  # as the router writes a path


@cache
def asset(name: str) -> str:
    """The address of a static file, with its content's fingerprint so that it can be cached for a year.

    Read once per process: a changed file is seen at the next start.
    """
    return f"/static/{name}?v={hashlib.sha256((ROOT / 'static' / name).read_bytes()).hexdigest()[:10]}"


@lru_cache(maxsize=512)
def icon_svg(name: str, label: str = "") -> Markup:
    """A drawing from the sprite; silent beside a word, spoken when it has a label."""
    spoken = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup('<svg class="icon"{}><use href="{}#{}"/></svg>').format(
        spoken, asset("img/icons.svg"), name
    )


def switch_language(to: str) -> str:
    """The address of this same page in another language."""
    if request.endpoint is None:
        return f"/?hl={to}" if to != "vi" else "/"
    kept = (
        [(key, value) for key, value in request.args.items(multi=True) if key != "hl"] if request.args else []
    )
    query = urlencode([*kept, ("hl", to)] if to != "vi" else kept)
    path = quote(request.path, safe=PATH_SAFE)
    return f"{path}?{query}" if query else path


def canonical(to: str = "") -> str:
    """The one address of this page in a language (its own by default), without how one came and what was typed."""
    args = request.args
    kept = tuple((key, value) for key in CANONICAL for value in args.getlist(key) if value) if args else ()
    return _address(current_app.config["BASE_URL"], request.path, kept, to or language())


@lru_cache(maxsize=256)
def _address(base_url: str, path: str, kept: tuple[tuple[str, str], ...], to: str) -> str:
    """A page asks for its address five times."""
    query = urlencode([*kept, ("hl", to)] if to != "vi" else kept)
    whole = f"{base_url}{quote(path, safe=PATH_SAFE)}"
    return f"{whole}?{query}" if query else whole


def link(path: str) -> str:
    """A path of ours in the language of this page."""
    joint, code = "&" if "?" in path else "?", language()
    return path if code == "vi" else f"{path}{joint}hl={code if code in LANGUAGES else 'en'}"


def is_public() -> bool:
    """Whether this page is the same for everybody: it must read no session. Unknown addresses count as public."""
    rule = access_of(request.endpoint) if request.endpoint else None
    return rule is None or rule.kind == "public"


def percent_of(part: int, whole: int) -> float:
    """A length on a scale of 0 to 100, for SVG attributes."""
    return round(min(100.0, max(0.0, 100 * part / whole)), 1) if whole else 0.0


def worn_organisation() -> str:
    """The name of the organisation that the signed-in person acts for; empty on public pages and for buyers."""
    if is_public() or not current_user.is_authenticated:
        return ""
    organisation_id = actor().organisation_id
    return organisation(organisation_id).name if organisation_id else ""


def init(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.filters |= {
        "vnd": vnd,
        "weight": weight,
        "volume": volume,
        "day": day,
        "instant": instant,
        "number": number,
        "percent": percent,
        "spoken": spoken,
        "spoken_mass": spoken_mass,
        "fromjson": json.loads,
    }
    app.jinja_env.globals |= {
        "asset": asset,
        "icon_svg": icon_svg,
        "percent_of": percent_of,
        "link": link,
        "language": language,
        "LANGUAGES": LANGUAGES,
        "switch_language": switch_language,
        "canonical": canonical,
        "is_demo": lambda: bool(current_app.config["DEMO"]),
        "percent": percent,
        "limit": limit,
        "base_url": lambda: current_app.config["BASE_URL"],
    }
    app.jinja_env.globals |= {
        "today": clock.today, "is_public": is_public, "worn_organisation": worn_organisation, "plot": charts.plot,
        "bar_widths": charts.widths,
        "stitch_mark": stitch.stitch_mark, "stitch_path": stitch.stitch_path, "matrix_path": stitch.matrix_path,
        "weave_spans": stitch.weave_spans,
    }  # fmt: skip
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.after_request
    def _cache_static(response):  # type: ignore[no-untyped-def]
        if request.endpoint == "static" and request.args.get("v") and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
