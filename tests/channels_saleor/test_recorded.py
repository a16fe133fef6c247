"""The small server answers in the shapes that Saleor itself gave: the same fields, floats, empty lists and nulls."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.saleor import documents, queries
from channels.saleor.client import Client
from tests.channels_saleor.scene import Scene
from tests.factories.payments import shipped
from tests.saleor_server.selection import selected

RECORDED = json.loads((Path(__file__).parent.parent / "saleor_server/recorded.json").read_text())["answers"]


def shapes(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """(path, kind) of everything in an answer; rows of a list stand under one path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            row = "r" if name[:1] == "r" and name[1:].isdigit() else name
            yield from shapes(inner, f"{at}.{row}")
    elif isinstance(value, list):
        yield at, "list"
        for inner in value:
            yield from shapes(inner, f"{at}[]")
    else:
        yield at, type(value).__name__


@pytest.fixture
def told(scene: Scene) -> dict[str, list[Any]]:
    """What our server answered in the situations that were recorded of Saleor."""
    shop, setup = Client(scene.server.url, scene.shop.token), queries.setup_of(scene.row())
    found: dict[str, list[Any]] = {}

    def ask(document: str, **given: Any) -> Any:
        name = document.split("(")[0].split("{")[0].split()[1]
        found.setdefault(name, []).append(shop.query(document, **given))
        return found[name][-1]

    order = scene.buy(scene.pack, 2, pay=True)
    shipped(scene.ours(order)[0])
    scene.settle()
    scene.shop.refund(order, order["total"]["gross"]["amount"])
    ask(documents.ORDER, id=order["id"])
    ask(documents.CANCEL, id=order["id"])
    ask(documents.RECENT, channel="vietnam", since="2026-11-22T00:00:00+00:00", after=None)
    there = ask(documents.lookup(2), ref0=f"CP-P{scene.pack.product_id}", ref1="CP-P999999")["r0"]
    [variant], stock = there["variants"], {"warehouseId": setup["warehouse"], "quantity": 0}
    refs = (variant["externalReference"], "CP-999999")
    ask(documents.STOCKS, stocks=[{"variantExternalReference": ref} | stock for ref in refs])
    off = {"channelId": setup["channel"], "isPublished": False, "isAvailableForPurchase": False}
    ask(documents.shown(1), id0=there["id"], input0={"updateChannels": [off]})
    ask(
        documents.media(1, 0),
        input0={"product": there["id"], "alt": "", "mediaUrl": "http://x.example/broken.jpg"},
    )
    ask(documents.WHO)
    for name, document, _given, said in scene.shop.calls:
        if name in ("CpCreate", "CpSetup"):
            found.setdefault(name, []).append(selected(document, said))
    return found


def test_what_the_small_server_answers_has_the_shapes_of_the_real_one(told):
    wrong = {}
    for name, answers in told.items():
        real, ours = (
            {one for answer in some for one in shapes(answer)} for some in (RECORDED[name], answers)
        )
        known = {path for path, _kind in real}
        wrong[name] = {one for one in ours - real if one[1] != "NoneType" or one[0] not in known}
        if name not in ("CpSetup", "CpCreate"):
            wrong[name] |= {(path, "missing") for path in known - {path for path, _kind in ours}}
    assert {name: found for name, found in wrong.items() if found} == {}
