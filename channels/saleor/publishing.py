"""Sending goods to a shop: looked up by external reference, then made or changed, so that nothing is there twice.

What differs is seen by comparing with what the shop has now, not with what we believe: a round that broke off anywhere
is taken up by the next. Bulk mutations where Saleor has them, at most 100 rows each. What must not be sold goes first,
then prices, then the rest; what its turn's time does not suffice for is late, and waits for the next.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.saleor import documents
from channels.saleor.client import ShopRefused
from channels.saleor.goods import Goods, PackGoods
from channels.saleor.rules import BULK_MOST, LOOKUP_MOST, description, pack_ref, parts, product_ref, whole_vnd
from channels.saleor.turns import Turn

ALIASES_MOST = 4  # mutations in one document: a shop's own limit, unless its operator allows more
CREATE_MOST = (
    50  # a hundred new products took a busy shop longer than a call may take; two fifties go at a time
)
NO_ENTRY = frozenset({"PermissionDenied", "InvalidTokenError", "InvalidSignatureError", "DecodeError"})


@dataclass
class Job:
    """One product to send, and how it went. goods: None for one that is not on sale there any more.

    late: not everything of it was sent in this turn.
    """

    product_id: int
    goods: Goods | None
    text_hash: str = ""
    media_hash: str = ""
    remote_id: str = ""
    fault: str = ""
    fault_text: str = ""
    late: bool = False

    @property
    def refused(self) -> bool:
        """Whether the shop does not have the product as it is; without photos it has."""
        return bool(self.fault) and self.fault != "PHOTO"

    def fail(self, errors: Sequence[dict[str, Any]], code: str = "") -> bool:
        """Note the first error, if there is one; whether there was."""
        if errors and not self.fault:
            self.fault = code or str(errors[0].get("code") or "INVALID")[:60]
            where = errors[0].get("path") or errors[0].get("field") or ""
            self.fault_text = f"{where} {errors[0].get('message') or ''}".strip()[:300]
        return bool(errors)


def send(turn: Turn, setup: dict[str, Any], jobs: Sequence[Job]) -> None:
    """Make a shop have these products as they are here; each job says how it went.

    A document that the shop refuses whole is sent again in halves, so that one bad row stops no other. Raises ShopDown,
    and ShopRefused where the shop does not let us in at all.
    """
    try:
        _send(turn, setup, jobs)
    except ShopRefused as error:
        if error.code in NO_ENTRY:
            raise
        if len(jobs) == 1:
            jobs[0].fault, jobs[0].fault_text = error.code, error.message
            return
        for half in (jobs[: len(jobs) // 2], jobs[len(jobs) // 2 :]):
            send(turn, setup, half)


def _send(turn: Turn, setup: dict[str, Any], jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.fault, job.fault_text, job.late = "", "", False
    there = look_up(turn, [product_ref(job.product_id) for job in jobs])
    if there is None:
        _late(jobs)
        return
    new = [job for job in jobs if job.goods and product_ref(job.product_id) not in there]
    known = [
        (job, there[product_ref(job.product_id)]) for job in jobs if product_ref(job.product_id) in there
    ]
    for job, remote in known:
        job.remote_id = remote["id"]
    _stocks(turn, setup, known)
    _shown(turn, setup, [one for one in known if one[0].goods is None])
    _packs(turn, setup, known)
    made = _create(turn, setup, new)
    _shown(turn, setup, [one for one in known if one[0].goods is not None])
    _texts(turn, setup, [job for job, _remote in known])
    _photos(turn, [*made, *known])


def _late(jobs: Iterable[Job]) -> None:
    for job in jobs:
        job.late = True


def look_up(turn: Turn, refs: Sequence[str]) -> dict[str, dict[str, Any]] | None:
    """{external reference: the product as the shop has it}, without what it does not have. None: no time was left."""
    asks = [
        (documents.lookup(len(some)), {f"ref{place}": one for place, one in enumerate(some)})
        for some in parts(refs, LOOKUP_MOST)
    ]
    found: dict[str, dict[str, Any]] = {}
    for answer in turn.ask(asks):
        if answer is None:
            return None
        found |= {one["externalReference"]: one for one in answer.values() if one}
    return found


def stop(turn: Turn, setup: dict[str, Any], wanted: Mapping[int, int]) -> dict[int, bool]:
    """Tell a shop how many pieces it may still count, {pack id: pieces}, without looking first.

    {pack id: whether it took it}; one that it does not have is refused, one that no time was left for is not in it.
    """
    pieces = list(parts(sorted(wanted.items()), BULK_MOST))
    asks = [
        (documents.STOCKS, {"stocks": [
            {"variantExternalReference": pack_ref(pack_id), "warehouseId": setup["warehouse"], "quantity": quantity}
            for pack_id, quantity in some
        ]})
        for some in pieces
    ]  # fmt: skip
    taken: dict[int, bool] = {}
    for some, answer in zip(pieces, turn.change(asks), strict=True):
        if answer is not None:
            results = answer["stockBulkUpdate"]["results"]
            taken |= {pack_id: not one["errors"] for (pack_id, _), one in zip(some, results, strict=True)}
    return taken


# --- products that the shop does not have


def _create(turn: Turn, setup: dict[str, Any], jobs: Sequence[Job]) -> list[tuple[Job, dict[str, Any]]]:
    pieces = list(parts(jobs, CREATE_MOST))
    asks = [
        (documents.CREATE, {"products": [_product(setup, job.goods) for job in some if job.goods]})
        for some in pieces
    ]
    made = []
    for some, answer in zip(pieces, turn.change(asks), strict=True):
        if answer is None:
            _late(some)
            continue
        said = answer["productBulkCreate"]
        for job, result in zip(some, said["results"], strict=True):
            if _there_by_now(result["errors"] or ()):
                job.late = True
            elif not job.fail(result["errors"] or ()) and result["product"]:
                job.remote_id = result["product"]["id"]
                job.text_hash = job.goods.text_hash if job.goods else ""
                made.append((job, result["product"]))
            elif not job.fault:
                job.fail(said["errors"] or [{"message": "no answer"}])
    return made


def _there_by_now(errors: Sequence[dict[str, Any]]) -> bool:
    """Whether an earlier document, whose answer we did not wait for, made it since: the next look finds it."""
    return any(one["code"] == "UNIQUE" and one["path"] == "externalReference" for one in errors)


def _product(setup: dict[str, Any], goods: Goods) -> dict[str, Any]:
    on_sale = {"channelId": setup["channel"], "isPublished": True, "visibleInListings": True,
               "isAvailableForPurchase": True}  # fmt: skip
    return _words(setup, goods) | {
        "externalReference": goods.ref, "productType": setup["type"], "channelListings": [on_sale],
        "variants": [_pack(setup, one) for one in goods.packs],
    }  # fmt: skip


def _words(setup: dict[str, Any], goods: Goods) -> dict[str, Any]:
    found = {
        "name": goods.name, "description": description(goods.story),
        "attributes": [{"id": setup["attributes"][slug], "plainText": text} for slug, text in goods.attributes],
    }  # fmt: skip
    category = setup["categories"].get(goods.category)
    return found | ({"category": category} if category else {})


def _pack(setup: dict[str, Any], pack: PackGoods) -> dict[str, Any]:
    return {
        "attributes": [], "sku": pack.ref, "externalReference": pack.ref, "name": pack.label, "trackInventory": True,
        "weight": {"unit": "G", "value": pack.gross_weight_g},
        "stocks": [{"warehouse": setup["warehouse"], "quantity": pack.quantity}],
        "channelListings": [{"channelId": setup["channel"], "price": pack.price_vnd}],
    }  # fmt: skip


# --- products that it has

Known = Sequence[tuple[Job, dict[str, Any]]]


def _aliased(
    turn: Turn, document: Callable[[int], str], rows: Sequence[tuple[Job, dict[str, Any]]], name: str
) -> None:
    """Send (job, variables of one alias) rows; faults go to the jobs. Results of bulk forms are read too."""
    pieces = list(parts(rows, ALIASES_MOST))
    asks = [
        (
            document(len(some)),
            {f"{key}{place}": value for place, (_job, given) in enumerate(some) for key, value in given.items()},
        )
        for some in pieces
    ]  # fmt: skip
    for some, answer in zip(pieces, turn.change(asks), strict=True):
        if answer is None:
            _late(job for job, _given in some)
            continue
        for place, (job, _given) in enumerate(some):
            said = answer[f"r{place}"]
            for result in said.get("results") or ():
                job.fail(result["errors"] or ())
            if not job.fail(said["errors"]) and name == "text" and job.goods:
                job.text_hash = job.goods.text_hash


def _texts(turn: Turn, setup: dict[str, Any], jobs: Sequence[Job]) -> None:
    """The words of those that changed."""
    rows = [
        (job, {"id": job.remote_id, "input": _words(setup, job.goods)})
        for job in jobs
        if job.goods and job.goods.text_hash != job.text_hash
    ]
    _aliased(turn, documents.texts, rows, "text")


def _packs(turn: Turn, setup: dict[str, Any], known: Known) -> None:
    """Prices that differ, packs that are new, packs that are gone."""
    prices, changed, new = [], [], []
    for job, remote in known:
        if job.goods is None:
            continue
        there = {one["externalReference"]: one for one in remote["variants"] or ()}
        fresh = [_pack(setup, pack) for pack in job.goods.packs if pack.ref not in there]
        mine = [(pack, there[pack.ref]) for pack in job.goods.packs if pack.ref in there]
        prices += [(job, row) for pack, variant in mine if (row := _price(setup, pack, variant))]
        rows = [row for pack, variant in mine if (row := _place(setup, pack, variant))]
        ours = {pack.ref for pack in job.goods.packs}
        rows += [row for ref, one in there.items() if ref not in ours and (row := _taken_off(setup, one))]
        if fresh:
            new.append((job, {"id": job.remote_id, "variants": fresh[:BULK_MOST]}))
        if rows:
            changed.append((job, {"id": job.remote_id, "variants": rows[:BULK_MOST]}))
    _aliased(turn, documents.prices, prices, "prices")
    _aliased(turn, documents.variants, changed, "packs")
    _aliased(turn, documents.new_variants, new, "packs")


def _listing(setup: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any] | None:
    mine = [one for one in variant["channelListings"] or () if one["channel"]["id"] == setup["channel"]]
    return mine[0] if mine else None


def _price(setup: dict[str, Any], pack: PackGoods, variant: dict[str, Any]) -> dict[str, Any] | None:
    """A pack's price, where the channel has another, or not the pack."""
    price = (_listing(setup, variant) or {}).get("price")
    if price is not None and whole_vnd(price["amount"]) == pack.price_vnd:
        return None
    return {"id": variant["id"], "input": [{"channelId": setup["channel"], "price": pack.price_vnd}]}


def _place(setup: dict[str, Any], pack: PackGoods, variant: dict[str, Any]) -> dict[str, Any] | None:
    """A pack's place in the warehouse, where it has none."""
    if _stock(setup, variant) is not None:
        return None
    stocks = {"create": [{"warehouse": setup["warehouse"], "quantity": pack.quantity}]}
    return {"id": variant["id"], "stocks": stocks}


def _taken_off(setup: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any] | None:
    listing = _listing(setup, variant)
    return {"id": variant["id"], "channelListings": {"remove": [listing["id"]]}} if listing else None


def _stock(setup: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any] | None:
    mine = [one for one in variant["stocks"] or () if one["warehouse"]["id"] == setup["warehouse"]]
    return mine[0] if mine else None


def _stocks(turn: Turn, setup: dict[str, Any], known: Known) -> None:
    """Pieces that differ, of all products together, 100 rows at a time."""
    rows = []
    for job, remote in known:
        wanted = {pack.ref: pack.quantity for pack in job.goods.packs} if job.goods else {}
        for variant in remote["variants"] or ():
            stock = _stock(setup, variant)
            quantity = wanted.get(variant["externalReference"], 0)
            if stock is not None and stock["quantity"] != quantity:
                rows.append(
                    (
                        job,
                        {"variantId": variant["id"], "warehouseId": setup["warehouse"], "quantity": quantity},
                    )
                )
    pieces = list(parts(rows, BULK_MOST))
    asks = [(documents.STOCKS, {"stocks": [row for _job, row in some]}) for some in pieces]
    for some, answer in zip(pieces, turn.change(asks), strict=True):
        if answer is None:
            _late(job for job, _row in some)
            continue
        for (job, _row), result in zip(some, answer["stockBulkUpdate"]["results"], strict=True):
            job.fail(result["errors"] or ())


def _shown(turn: Turn, setup: dict[str, Any], known: Known) -> None:
    """Put on sale what should be, and take off what should not."""
    rows = []
    for job, remote in known:
        mine = [one for one in remote["channelListings"] or () if one["channel"]["id"] == setup["channel"]]
        on_sale = bool(mine and mine[0]["isPublished"] and mine[0]["isAvailableForPurchase"])
        if on_sale != (job.goods is not None):
            wanted = {"channelId": setup["channel"], "isPublished": not on_sale, "visibleInListings": not on_sale,
                      "isAvailableForPurchase": not on_sale}  # fmt: skip
            rows.append((job, {"id": remote["id"], "input": {"updateChannels": [wanted]}}))
    _aliased(turn, documents.shown, rows, "shown")


def _photos(turn: Turn, known: Known) -> None:
    """Photos last: a shop that cannot fetch one sells the goods all the same, and the manager is told."""
    for job, remote in known:
        if job.goods is None or job.refused or job.goods.media_hash == job.media_hash:
            continue
        if turn.over:
            job.late = True
            continue
        rows = [
            ("input", {"product": remote["id"], "alt": alt[:250], "mediaUrl": url})
            for url, alt in job.goods.photos
        ]
        rows += [("id", one["id"]) for one in remote.get("media") or ()]
        taken = [
            _photos_said(turn, job, some) for some in parts(rows, ALIASES_MOST)
        ]  # each, or the old ones stay
        if all(taken):
            job.media_hash = job.goods.media_hash


def _photos_said(turn: Turn, job: Job, rows: Sequence[tuple[str, object]]) -> bool:
    """New photos first, then those that go; whether the shop took these."""
    variables = {f"{kind}{place}": value for place, (kind, value) in enumerate(rows)}
    added = sum(kind == "input" for kind, _value in rows)
    turn.before()
    try:
        answer = turn.shop.mutate(documents.media(added, len(rows) - added), **variables)
    except ShopRefused as error:
        return not job.fail([{"message": error.message}], "PHOTO")
    return not job.fail([error for one in answer.values() for error in one["errors"]], "PHOTO")
