"""What the journeys without a line share: phones, lines that can be cut, how a draft is written, sent and read back."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from catalog.models import Pack, Photo, Product
from core.db import db
from tests.factories.traceability import create_crop
from tests.journeys.live import PHONE, SCREENSHOTS, LiveSite
from tests.journeys.people import Person, Phone
from tests.journeys.scene import Stall, stall
from tests.shaper import Line
from tests.site.visit import RULES

WAIT_MS = 60_000
# Everything that scripts may keep on a phone, as text: databases (bytes as they lie there), caches, small stores.
STORE = "await import('/static/js/offline/store.js')"
DUMP = """async () => {
  const text = [], read = (data, as) => new TextDecoder(as).decode(data);
  const bytes = (data) => `${read(data, "utf-8")} ${read(data, "utf-16le")}`;
  const say = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return bytes(value);
    if (value instanceof CryptoKey) return `a key that ${value.extractable ? "can" : "cannot"} be read`;
    if (!value || typeof value !== "object") return String(value);
    return Object.entries(value).map(([name, one]) => `${name}=${say(one)}`).join(" ");
  };
  const answer = (ask) => new Promise((done) => { ask.onsuccess = () => done(ask.result); });
  for (const { name, version } of await indexedDB.databases()) {
    const db = await answer(indexedDB.open(name, version));
    for (const store of db.objectStoreNames) {
      const rows = await answer(db.transaction(store).objectStore(store).getAll());
      rows.forEach((row) => text.push(`${store}: ${say(row)}`));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      text.push(`cache: ${request.url} ${await (await cache.match(request)).text()}`);
    }
  }
  return [...text, `small: ${JSON.stringify({ ...localStorage })} ${JSON.stringify({ ...sessionStorage })}`];
}"""


@pytest.fixture
def one_bar(site: LiveSite) -> Iterator[Line]:
    """One bar of 4G to the site."""
    with Line(site.port) as shaped:
        yield shaped


@pytest.fixture
def line(site: LiveSite) -> Iterator[Line]:
    """A good line, which can be cut all the same."""
    with Line(site.port, rtt_ms=10, kbit_s=40_000) as quick:
        yield quick


@pytest.fixture
def phone_on(chromium: Browser) -> Iterator[Callable[..., Phone]]:
    """A phone on a line. Requests that die with the line are no complaint; anything else is."""
    phones: list[Phone] = []

    def take(line: Line) -> Phone:
        phones.append(Phone(chromium, True, SCREENSHOTS, base_url=line.url))
        return phones[-1]

    yield take
    complaints = [text for phone in phones for text in phone.close() if "Failed to load resource" not in text]
    assert complaints == []


@pytest.fixture
def market(site: LiveSite) -> Stall:
    """A cooperative with two producers and a crop."""
    with site.scene():
        create_crop("Củ dong riềng")
        return stall("HTX Không Mạng", ("Bàn Thị Lềnh", "Triệu Mùi Nái"))


def shot(seed: int) -> bytes:
    """A photograph of about 150 KB, too busy to be made smaller."""
    out = io.BytesIO()
    Image.effect_noise((700, 500), 40 + seed).save(out, "JPEG", quality=70)
    return out.getvalue()


def reads_well(page: Page) -> None:
    """A reader who sees little, or nothing, finds nothing in the way."""
    page.set_viewport_size({"width": 360, "height": page.evaluate("document.scrollingElement.scrollHeight")})
    found = Axe().run(page, options=RULES).response["violations"]
    page.set_viewport_size(PHONE["viewport"])
    assert [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]] == []


def waits(page: Page, script: str) -> None:
    """Until an asynchronous question is answered with yes."""
    for _again in range(WAIT_MS // 250):
        if page.evaluate(script):
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"never: {script}")


def ready(phone: Phone, market: Stall) -> Person:
    """The manager signed in once with a line: the phone knows her, and the worker keeps its pages."""
    manager = Person(phone)
    manager.signs_in(market.manager)
    manager.opens("/manage")
    waits(manager.page, "async () => Boolean(navigator.serviceWorker.controller)")
    waits(manager.page, f"async () => Boolean((await ({STORE}).me())?.who)")
    return manager


def writes_a_product(manager: Person, name: str, photos: int = 2) -> None:
    """Fill in the product form that needs no line, and keep it."""
    manager.opens("/manage/products/new")
    manager.reads("Đăng hàng, không cần mạng")
    expect(manager.page.get_by_label("Tên hàng")).to_be_visible(timeout=WAIT_MS)
    shots = [{"name": f"anh{n}.jpg", "mimeType": "image/jpeg", "buffer": shot(n)} for n in range(photos)]
    if shots:
        manager.page.locator("input[type=file]").nth(1).set_input_files(shots)
        expect(manager.page.locator("[data-shots] img")).to_have_count(photos)
    manager.types("Tên hàng", name)
    manager.types("Lượng", "5 lạng")
    manager.types("Giá bán", "65.000")
    manager.presses("Giữ trong máy và gửi khi có mạng")
    manager.reads("Việc trong máy này")


def arrived(site: LiveSite, name: str) -> tuple[int, int, int]:
    """How many products of this name, packs and photos of them are on the server."""
    with site.scene():
        ids = [one.id for one in db.session.query(Product).filter_by(name=name)]
        return (len(ids), db.session.query(Pack).filter(Pack.product_id.in_(ids)).count(),
                db.session.query(Photo).filter(Photo.product_id.in_(ids)).count())  # fmt: skip


def saves(manager: Person) -> None:
    """Keep the draft of the form that the server draws."""
    with manager.page.expect_navigation():
        manager.page.locator("button[name=do][value=save]:not([tabindex])").first.click()


def sends(manager: Person) -> None:
    """Press the button, whatever the clock says."""
    manager.page.get_by_role("button", name="Gửi ngay").click()


def card(page: Page, state: str) -> Any:
    """A card of the list in this state."""
    return page.locator(f"[data-list] [data-state={state}]")
