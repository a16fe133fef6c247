"""The scan page in three languages: whole, and Japanese nowhere else."""

import re

import pytest

from app.i18n import japanese
from scripts.scan_texts import known, texts
from tests.storefront_scan.test_pages import NAMES, Shop, recall, text_of

PARTS = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def shop(app):
    return Shop(app)


def test_every_text_of_a_scan_page_has_its_japanese():
    have = known()
    assert [text for text in texts() if not have.get(text)] == []
    assert sorted(have) == texts()  # and nothing stale


def test_a_japanese_text_holds_the_same_parts():
    assert [
        text for text, said in known().items() if sorted(PARTS.findall(text)) != sorted(PARTS.findall(said))
    ] == []


@pytest.fixture
def unsaid(monkeypatch):
    """The texts that a page asked for in Japanese and did not find among the scan page's own."""
    missed, own = [], known()
    asked = japanese().ugettext

    def heard(message):
        if message and message not in own:
            missed.append(message)
        return asked(message)

    monkeypatch.setattr(japanese(), "ugettext", heard)
    return missed


def test_no_scan_page_falls_back_to_english(app, client, shop, unsaid):
    """What a page shows in Japanese stands in its own catalogue. Components hold more texts than the page shows, and
    templates fold their texts at the first look, so what was missed is looked for in the pages.
    """
    app.jinja_env.spoken.pop("ja", None)
    many, few = shop.lot(6), shop.lot(2)
    shop.sell(3)
    recall(app, few)
    pages = ""
    for path in (shop.path(many), shop.path(few), shop.path(many) + "/21/ABCDEFGHIJKLMNOP", f"/01/{shop.gtin}",
                 "/01/08935001234562", "/scan", "/scan?code=LO-999&hl=ja"):  # fmt: skip
        pages += client.get(path, query_string=None if "?" in path else {"hl": "ja"}).text
    app.jinja_env.spoken.pop("ja", None)
    assert unsaid and pages.count('<html lang="ja">') == 7
    english = {english_of(one) for one in unsaid}
    assert [one for one in sorted(english) if f">{one}<" in pages or f'"{one}"' in pages] == []


def english_of(message):
    """A message in English, up to its first part."""
    from app.i18n import english

    return english().ugettext(message)


def test_the_page_speaks_japanese(client, shop):
    answer = client.get(shop.path(shop.lot(6)), query_string={"hl": "ja"})
    text = text_of(answer)
    assert '<html lang="ja">' in answer.text and "このロットの道のり" in text and "2026年11月22日" in text
    assert "6世帯が納めました" in text and "Đường đi" not in text and not any(name in text for name in NAMES)


def test_links_from_a_japanese_page_stay_in_a_language_that_the_other_page_speaks(client, shop):
    answer = client.get(shop.path(shop.lot(6)), query_string={"hl": "ja"})
    elsewhere = [
        found
        for found in re.findall(r'href="(/[^"]*hl=ja[^"]*)"', answer.text)
        if not found.startswith("/01/")
    ]
    assert elsewhere == [] and "hl=en" in answer.text
    assert '<html lang="en">' in client.get("/", query_string={"hl": "ja"}).text
