"""Reading a page as a strict reader would: what is wrong with its HTML, its names, its labels and its links."""

import gzip
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from accounts.rules import Actor, Role
from tests import routes
from tests.factories.accounts import sign_in
from tests.routes.row import ANYBODY, SIGNED_IN, Row

ROOT = Path(__file__).resolve().parents[2]
HTML_MOST = 15 * 1024
# Who opens a page for the guards when several may: the first of these that is allowed.
PREFERRED = (
    Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM, Role.PRODUCER, Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD,
    Role.PROVINCE_OFFICER, Role.PROJECT_STAFF, Role.ADMINISTRATOR, Role.BUYER,
)  # fmt: skip


def all_rows() -> list[Row]:
    """Every row of the access matrix."""
    names = [f"tests.routes.{module.name}" for module in pkgutil.iter_modules(routes.__path__)]
    return [row for name in sorted(names) for row in getattr(importlib.import_module(name), "ROWS", [])]


COLLECTOR = "collector"  # who runs the world's collector: a manager of another kind of organisation
# Pages that open for one person alone, read as that person.
HERS = (
    "revenue.my_statement", "revenue.my_print", "settlement.my_terms", "statements.my_papers", "statements.my_paper",
    "disputes.new", "disputes.mine", "tax.mine", "mirror.kilos",
)  # fmt: skip
DESK = (
    "collector.desk", "collector.remit", "collector.settle", "rails.settings", "rails.setting", "rails.attempts",
    "saleor.index", "saleor.allow", "saleor.order",
)  # fmt: skip


def page_rows() -> list[Row]:
    """The rows whose GET answers a page."""
    rows = all_rows()
    by_name = {row.endpoint: row for row in rows}
    personal = [replace(by_name[name], who=frozenset({Role.PRODUCER}), page=True) for name in HERS]
    desk = [replace(by_name[name], who=COLLECTOR, page=True) for name in DESK]
    return [row for row in rows if row.page and "GET" in row.methods] + personal + desk


def reader_of(row: Row) -> str | None:
    """In which role the page is opened, or `COLLECTOR`; None for nobody in particular."""
    if row.who == COLLECTOR:
        return COLLECTOR
    if row.who == ANYBODY:
        return None
    if row.who == SIGNED_IN:
        return Role.BUYER
    return next(role for role in PREFERRED if role in row.who)


def sign_in_as(client: FlaskClient, world: object, role: str) -> None:
    """Sign in the world's person of that role, wearing it."""
    if role == COLLECTOR:
        sign_in(client, world.desk)  # type: ignore[attr-defined]
        return
    users, grants, worn = world.users, world.grants, Role(role)  # type: ignore[attr-defined]
    sign_in(client, Actor(user_id=users[worn], role=worn, grant_id=grants[worn]))


def address(app: Flask, row: Row, world: object, **more: str) -> str:
    """The page's path for the world's own object."""
    with app.test_request_context():
        from flask import url_for

        return url_for(row.endpoint, **row.own(world), **more)


class Page:
    """A parsed page."""

    def __init__(self, text: str) -> None:
        self.text = text
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(text)
        self.errors = [f"line {place[0]}: {code} {extra}" for place, code, extra in parser.errors]
        self.parents = {child: parent for parent in self.root.iter() for child in parent}

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements with these tags."""
        return (element for element in self.root.iter() if element.tag in tags)

    def within(self, element: Element, tag: str) -> bool:
        """Whether an element stands inside one with this tag."""
        while element in self.parents:
            element = self.parents[element]
            if element.tag == tag:
                return True
        return False

    def words(self) -> set[str]:
        """Every text a person sees or hears, each piece by itself."""
        pieces = set()
        for element in self.root.iter():
            if not isinstance(element.tag, str) or element.tag in ("script", "style"):
                continue
            pieces |= {element.text or "", *(child.tail or "" for child in element)}
            pieces |= {element.get(name, "") for name in ("aria-label", "placeholder", "alt", "title")}
        return {" ".join(piece.split()) for piece in pieces} - {""}


def _spoken(element: Element) -> str:
    """The name a control gets from its own content."""
    label = element.get("aria-label") or element.get("aria-labelledby") or ""
    inner = "".join(element.itertext()).strip()
    pictures = "".join(child.get("alt", "") for child in element.iter() if child.tag == "img")
    drawn = "".join(child.get("aria-label", "") for child in element.iter())
    return f"{label}{inner}{pictures}{drawn}".strip()


def faults(page: Page) -> list[str]:
    """What is wrong with the page by itself."""
    root, found = page.root, list(page.errors)
    heads, mains = list(page.all("h1")), list(page.all("main"))
    title = next(iter(page.all("title")), None)
    if len(heads) != 1 or not "".join(heads[0].itertext()).strip():
        found.append(f"{len(heads)} h1")
    if len(mains) != 1:
        found.append(f"{len(mains)} main")
    if title is None or not (title.text or "").split("–")[0].strip():
        found.append("no title")
    if not root.get("lang"):
        found.append("no lang")
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    found += [f"id {name} stands {times} times" for name, times in ids.items() if times > 1]
    return found + _unlabelled(page, ids) + _inline(page) + _dangling(page, ids)


def _unlabelled(page: Page, ids: Counter[str | None]) -> list[str]:
    named = {label.get("for") for label in page.all("label")}
    found = []
    for control in page.all("input", "select", "textarea"):
        if control.get("type") in ("hidden", "submit"):
            continue
        if control.get("id") in named or page.within(control, "label"):
            continue
        if not (control.get("aria-label") or control.get("aria-labelledby") in ids):
            found.append(f"{control.tag} {control.get('name')} has no label")
    found += [f"{e.tag} without a name: {e.attrib}" for e in page.all("a", "button") if not _spoken(e)]
    found += [f"img {e.get('src')} has no alt" for e in page.all("img") if e.get("alt") is None]
    found += ["a fieldset has no legend" for e in page.all("fieldset") if e.find(".//legend") is None]
    return found


def _inline(page: Page) -> list[str]:
    found = [f"style= on {e.tag}" for e in page.root.iter() if e.get("style") is not None]
    found += [
        f"{name} on {e.tag}" for e in page.root.iter() for name in e.attrib if str(name).startswith("on")
    ]
    found += [
        "an inline script"
        for e in page.all("script")
        if not e.get("src") and e.get("type") != "application/ld+json"
    ]
    return found + ["a style element" for _e in page.all("style")]


def _dangling(page: Page, ids: Counter[str | None]) -> list[str]:
    """References inside the page that point nowhere."""
    found = []
    for element in page.root.iter():
        for name in ("for", "aria-labelledby", "aria-describedby", "list", "form"):
            for target in (element.get(name) or "").split():
                if target not in ids:
                    found.append(f"{name}={target} points nowhere")
        href = element.get("href") or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            found.append(f"{href} points nowhere")
    return found


def _leads_somewhere(app: Flask, target: str, method: str, base: str) -> bool:
    """Whether an address of ours is a file we have or a route that takes this method."""
    path = urlsplit(target).path or base
    if path.startswith("/static/"):
        return (ROOT / path.lstrip("/")).is_file()
    try:
        app.url_map.bind("localhost").match(path, method=method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def broken_links(app: Flask, page: Page, base: str) -> list[str]:
    """Addresses in the page that no route and no file answers."""
    found = []
    for element in page.root.iter():
        method = (element.get("method") or "get").upper() if element.tag == "form" else "GET"
        for name in ("href", "src", "action", "formaction", "data-poll"):
            target = element.get(name)
            if target is None or target.startswith(("#", "tel:", "mailto:", "data:")):
                continue
            parts = urlsplit(target)
            if parts.netloc not in ("", "localhost"):
                continue
            if not _leads_somewhere(app, target, "POST" if name == "formaction" else method, base):
                found.append(f"{element.tag} {name}={target}")
    return found


def weight_gz(text: str) -> int:
    """Bytes of the page as it is sent, compressed."""
    return len(gzip.compress(text.encode(), 6))


def left_in_vietnamese(page: Page, known: dict[str, str]) -> list[str]:
    """Texts on an English page that are message ids with a translation."""
    return sorted(piece for piece in page.words() if known.get(piece, piece) != piece and not _plain(piece))


def _plain(piece: str) -> bool:
    return re.fullmatch(r"[\x00-\x7f–]*", piece) is not None
