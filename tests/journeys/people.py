"""A person with a phone, so that journeys read as sentences. Pages are used the way people do: by what is written."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Response, expect

from tests.journeys.live import PHONE

WAIT_MS = 20_000
REFUSALS = (400, 401, 403, 404, 409, 422, 429)  # answers a story may lead to; Chromium complains of them too

STICKS_OUT = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
LARGEST = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) last = one.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(last), 500);
})"""


class Phone:
    """A phone's browser, which remembers everything that went wrong in it."""

    def __init__(self, chromium: Browser, script: bool, shots: Path | None, **options: Any) -> None:
        options = {"java_script_enabled": script} | PHONE | options
        self.context = chromium.new_context(**options)
        self.context.set_default_timeout(WAIT_MS)
        self.shots, self.script = shots, script
        self.complaints: list[str] = []
        self.refused: set[str] = set()
        self.context.on("response", self._answer)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(f"error in the page: {error.error}"))

    def _answer(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")
        elif response.status in REFUSALS and response.request.resource_type == "document":
            self.refused.add(response.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if "Failed to load resource" in message.text and message.location["url"] in self.refused:
            return
        self.complaints.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def close(self) -> list[str]:
        """Put the phone away; what went wrong."""
        self.context.close()
        return self.complaints


class Person:
    """Somebody who looks, types, chooses and presses."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.page: Page = phone.context.new_page()

    # ---- going somewhere ----

    def opens(self, path: str) -> None:
        """Type an address; again where the page moved on by itself in that moment, as those do that wait for money."""
        try:
            self.page.goto(path)
        except Error as refused:
            if "interrupted by another navigation" not in str(refused):
                raise
            self.page.goto(path)

    def follows(self, text: str, nth: int = 0) -> None:
        """Tap a link by its words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words(text)).nth(nth).click()

    def goes_back(self) -> None:
        """The phone's back button."""
        self.page.go_back()

    def opens_a_second_tab(self, path: str) -> "Person":
        """The same phone, another tab."""
        other = Person(self.phone)
        other.opens(path)
        return other

    @property
    def path(self) -> str:
        """Where the person is."""
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    # ---- looking ----

    def sees(self, *texts: str) -> None:
        """Every one of these words is on the page, where eyes can find them."""
        for text in texts:
            shown = self.page.get_by_text(words(text)).locator("visible=true").first
            try:
                expect(shown).to_be_visible(timeout=WAIT_MS)
            except AssertionError:
                raise AssertionError(
                    f"no {text!r} on {self.path}, which says: {self.says()[:2500]}"
                ) from None

    def does_not_see(self, *texts: str) -> None:
        """None of these words is on the page."""
        said = self.says()
        for text in texts:
            assert plain(text) not in said, f"{text!r} is on {self.path}"

    def reads(self, heading: str) -> None:
        """The page's one heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words(heading), timeout=WAIT_MS)

    def says(self) -> str:
        """All the page's visible words, spaces made equal."""
        return plain(self.page.locator("main").inner_text())

    def finds(self, pattern: str) -> str:
        """The first piece of the page's words that fits a pattern."""
        found = re.search(pattern, self.says())
        assert found, f"nothing like {pattern!r} on {self.path}: {self.says()[:400]}"
        return found[(found.re.groups and 1) or 0]

    def looks(self, name: str) -> bytes:
        """Nothing sticks out of the phone; a picture of the page is kept under this name when pictures are wanted."""
        assert self.page.evaluate(STICKS_OUT) <= 0, f"{self.path} is wider than the phone"
        if self.phone.shots is None:
            return b""
        self.phone.shots.mkdir(parents=True, exist_ok=True)
        return self.page.screenshot(path=self.phone.shots / f"{name}.png", full_page=True)

    def photographs(self) -> bytes:
        """A picture of the whole page, as PNG."""
        return self.page.screenshot(full_page=True)

    # ---- filling in ----

    def _field(self, label: str, nth: int = 0) -> Locator:
        return self.page.get_by_label(words(label)).nth(nth)

    def types(self, label: str, text: str, nth: int = 0) -> None:
        """Write into a field found by its label."""
        self._field(label, nth).fill(text)

    def has_typed(self, label: str, text: str) -> None:
        """A field holds this."""
        expect(self._field(label)).to_have_value(text)

    def picks(self, label: str, option: str) -> None:
        """Choose from a list."""
        field = self._field(label)
        titles = [plain(one) for one in field.locator("option").all_inner_texts()]
        field.select_option(index=next(at for at, title in enumerate(titles) if plain(option) in title))

    def chooses(self, text: str, nth: int = 0) -> None:
        """Tap a big choice, a tile or a tick by its words."""
        self.page.locator("label").filter(has_text=words(text)).nth(nth).click()

    def keys(self, digits: str) -> None:
        """Use the scale's keypad."""
        for digit in digits:
            name = "Dấu phẩy" if digit == "," else digit
            self.page.get_by_role("button", name=name, exact=True).click()

    def attaches(self, label: str, name: str, data: bytes) -> None:
        """Take a photo with the phone's camera."""
        self._field(label).set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": data})
        if self.phone.script:
            self.sees(name.rsplit(".", 1)[0])

    def opens_up(self, summary: str) -> None:
        """Unfold something."""
        self.page.locator("summary").filter(has_text=words(summary)).first.click()

    # ---- doing ----

    def has_button(self, text: str) -> bool:
        """Whether the page offers this button."""
        return self._button(text).count() > 0

    def _button(self, text: str) -> Locator:
        seen = self.page.locator(":not([tabindex='-1'])")  # a form's default button is there for Enter alone
        return self.page.get_by_role("button", name=words(text)).and_(seen)

    def presses(self, text: str, nth: int = 0) -> None:
        """Press a button and wait for the page it leads to."""
        with self.page.expect_navigation():
            self._button(text).nth(nth).click()

    def presses_twice(self, text: str) -> None:
        """Press a button twice, as fast as thumbs do: where both go out, the browser drops the first one's answer."""
        try:
            with self.page.expect_navigation():
                self._button(text).first.dblclick()
        except Error as error:
            if "ERR_ABORTED" not in str(error):
                raise
        self.page.wait_for_load_state()

    def loses_the_session(self) -> None:
        """Two weeks pass, or the phone is cleaned, once nothing is under way whose answer sets the cookie again."""
        if not self.page.is_closed():
            self.page.wait_for_load_state("networkidle")
        self.phone.context.clear_cookies()

    def waits_for_the_largest_thing(self, path: str) -> float:
        """Milliseconds until the page's largest thing is painted (LCP)."""
        self.page.goto(path, wait_until="load")
        return float(self.page.evaluate(LARGEST))

    # ---- longer sentences that many stories share ----

    def signs_in(self, who: Any, at: datetime | None = None) -> None:
        """Sign in with phone, password and, where asked, the authenticator's code. at: now, where a story moved on."""
        if not self.path.startswith("/sign-in"):
            self.opens("/sign-in")
        self.types("Số điện thoại", who.phone)
        self.types("Mật khẩu", who.password)
        self.presses("Đăng nhập")
        if who.totp_secret:
            self.reads("Gõ mã trong ứng dụng xác thực")
            self.types("Mã 6 chữ số", pyotp.TOTP(who.totp_secret).at(at or datetime.now(UTC)))
            self.presses("Vào")

    def searches(self, text: str) -> None:
        """Type into the search box and send."""
        box = self.page.locator("input[type=search]").first  # a combobox once suggestions run
        box.fill(text)
        with self.page.expect_navigation():
            box.press("Enter")

    def fetches(self, link_text: str) -> bytes:
        """Download what a link leads to."""
        address = self.page.get_by_role("link", name=words(link_text)).first.get_attribute("href")
        answer = self.phone.context.request.get(str(address))
        assert answer.ok, f"{answer.status} for {address}"
        return answer.body()


def plain(text: str) -> str:
    """Text with every run of spaces (hard ones too) made one space."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", text).strip()


def words(text: str) -> re.Pattern[str]:
    """A pattern that finds these words whatever the spaces between them."""
    return re.compile(r"[\s\u00a0\u202f]+".join(re.escape(one) for one in text.split()))
