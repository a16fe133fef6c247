"""Verbs of people: send a file, say what its columns are, accept it; decide on an order that waits."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Pack, Product
from channels.marketplaces import queries
from channels.marketplaces.columns import ORDERS
from channels.marketplaces.models import (
    MarketCategory,
    MarketFile,
    MarketLayout,
    MarketListing,
    MarketOrder,
    MarketSku,
)
from channels.marketplaces.rules import FileState, Kind, OrderState, Site, sku_key
from channels.marketplaces.sales import from_told, lacking
from channels.marketplaces.taking import take
from cooperatives.queries import of_organisation
from core import clock, work
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.headings import Headings, find_headings, first_row_of_words, heading_key
from core.i18n import N_
from core.once import one_at_a_time
from core.text import clean
from payments.tables.files import Rows

LEASE_S = 1800
KEPT = timedelta(days=30)  # an order file names buyers: thrown away after that


def _own(actor: Actor) -> int:
    actor.must_be(Role.MANAGER)
    return of_organisation(actor.organisation_id).id


def fingerprint(texts: Sequence[str]) -> str:
    """The same for every file of one template: of its headings, folded, in order.

    >>> fingerprint(["Giá ", "KHO"]) == fingerprint(["gia", "Kho"])
    True
    """
    return hashlib.sha256("\n".join(heading_key(text) for text in texts).encode()).hexdigest()[:32]


# --- order files


def order_headings(cooperative_id: int, site: Site, rows: Rows) -> Headings:
    """Where a file's headings are and what its columns mean, by what was agreed before. Raises Invalid for none."""
    plain = [row for _no, row in rows]
    found = find_headings(plain, ORDERS, {}) or first_row_of_words(plain)
    if found is None:
        raise Invalid(
            N_("Không thấy bảng nào trong tệp."),
            remedy=N_("Tải lại tệp đơn hàng từ trang của sàn, dòng đầu là tên các cột."), field="sheet",
        )  # fmt: skip
    known = queries.layout_of(cooperative_id, site, Kind.ORDERS, fingerprint(found.texts))
    if known is None:
        return found
    given: set[str] = set()
    keys = []
    for text, guess in zip(found.texts, found.keys, strict=True):
        said = known.layout.get(heading_key(text))
        key = said[0] if said is not None else guess
        keys.append("" if key in given else key)
        given.add(key)
    return Headings(found.place, found.texts, tuple(keys))


def send_orders(
    actor: Actor,
    key: str,
    site: Site,
    file_name: str,
    stored: tuple[str, str],
    rows: Rows,
    headings: Headings,
) -> MarketFile:
    """Keep a site's order file; nothing is taken of it yet. stored: (the file as sent, its cells). key: the form's."""
    own = _own(actor)
    one_at_a_time("market-file", key)
    if (known := queries.by_key(key)) is not None:
        return queries.file_for(known.id, own, Kind.ORDERS)
    made = MarketFile(
        key=key, cooperative_id=own, site=site, kind=Kind.ORDERS, state=FileState.OPEN, file=stored[0],
        rows_file=stored[1], file_name=clean(file_name)[:120], fingerprint=fingerprint(headings.texts),
        columns=[[text, one, ""] for text, one in zip(headings.texts, headings.keys, strict=True)],
        heading_no=rows[headings.place][0], row_count=len(rows) - headings.place - 1,
        by_user_id=actor.user_id, sent_at=clock.now(), work_state="done",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "send_market_orders", f"market_file:{made.id}", ("file",))
    return made


def set_columns(
    actor: Actor, found: MarketFile, keys: Sequence[str], constants: Sequence[str] = ()
) -> MarketFile:
    """A person says what each column is; remembered for this template and, where no other is known, for its site.

    Raises Invalid for a meaning given twice, Conflict for a file that was accepted.
    """
    actor.must_be(Role.MANAGER)
    if found.state != FileState.OPEN:
        raise Conflict(N_("Tệp này đã nhận rồi."), remedy=N_("Gửi tệp mới."))
    used = [key for key in keys if key and key != "constant"]
    if len(used) != len(set(used)):
        raise Invalid(N_("Hai cột đang mang cùng một nghĩa."), remedy=N_("Để một cột là Không đọc."))
    texts = [one[0] for one in found.columns]
    wanted = [*keys, *[""] * len(texts)][: len(texts)]
    fixed = [*constants, *[""] * len(texts)][: len(texts)]
    found.columns = [
        [text, key, clean(constant)[:200] if key == "constant" else ""]
        for text, key, constant in zip(texts, wanted, fixed, strict=True)
    ]
    _remember(found)
    audit(actor, "set_market_columns", f"market_file:{found.id}", ("columns",))
    return found


def _remember(found: MarketFile) -> None:
    one_at_a_time("market-layout", f"{found.cooperative_id}:{found.site}:{found.kind}")
    row = db.session.execute(
        select(MarketLayout).where(
            MarketLayout.cooperative_id == found.cooperative_id, MarketLayout.site == found.site,
            MarketLayout.kind == found.kind, MarketLayout.fingerprint == found.fingerprint,
        )
    ).scalar_one_or_none() or MarketLayout(
        cooperative_id=found.cooperative_id, site=found.site, kind=found.kind, fingerprint=found.fingerprint, layout={}
    )  # fmt: skip
    row.layout = {heading_key(text): [key, constant] for text, key, constant in found.columns if text}
    row.first_no, row.changed_at = found.first_no, clock.now()
    db.session.add(row)
    db.session.flush()


def accept(actor: Actor, file_id: int, *, here: bool = False) -> bool:
    """Take the orders of a file, one after the other; whether this call began it. Twice is harmless.

    here: this process does it at once, under the worker's claim; the worker only if it dies.

    Raises Invalid while a column is missing that nothing can be read without.
    """
    own = _own(actor)
    found = queries.file_for(file_id, own, Kind.ORDERS, lock=True)
    if found.state != FileState.OPEN:
        return False
    if missing := lacking([key for _text, key, _constant in found.columns]):
        raise Invalid(N_("Chưa biết cột nào là: %(names)s."), remedy=N_("Chọn ở phần Cột nào là gì."),
                      names=", ".join(missing))  # fmt: skip
    found.state, found.accepted_at, found.by_user_id = FileState.ACCEPTED, clock.now(), actor.user_id
    found.work_state, found.work_due_at, found.work_attempts = "pending", None, 0
    _remember(found)
    if here:
        db.session.execute(
            update(MarketFile).where(MarketFile.id == file_id)
            .values(work_state="working", work_owner=work.OWNER, work_lease=work.db_epoch() + LEASE_S, work_attempts=1)
        )  # fmt: skip
    audit(actor, "accept_market_orders", f"market_file:{found.id}", ("state",))
    return True


def forget_files() -> int:
    """Order files that were sent a month ago and are not waiting for the worker: let go of; how many.

    The caller removes the bytes (`stale`), outside the transaction.
    """
    done = db.session.execute(
        update(MarketFile)
        .where(MarketFile.id.in_(select(MarketFile.id).where(*_stale())))
        .values(file="", rows_file="")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _stale() -> tuple[ColumnElement[bool], ...]:
    return (
        MarketFile.kind == Kind.ORDERS, MarketFile.file != "", MarketFile.sent_at < clock.now() - KEPT,
        MarketFile.state != FileState.ACCEPTED,
    )  # fmt: skip


def stale() -> set[str]:
    """Names of the private files that `forget_files` lets go of."""
    rows = db.session.execute(select(MarketFile.file, MarketFile.rows_file).where(*_stale()))
    return {name for pair in rows for name in pair if name}


def kept_files(names: set[str]) -> set[str]:
    """Those of these names that a file still has."""
    rows = db.session.execute(
        select(MarketFile.file, MarketFile.rows_file).where(
            MarketFile.file.in_(names) | MarketFile.rows_file.in_(names)
        )
    )
    return {name for pair in rows for name in pair}


# --- an order that waits for a person


def try_again(actor: Actor, site: Site, row_id: int) -> MarketOrder:
    """Take a held order once more: stock may have come, a code been said."""
    own = _own(actor)
    row = queries.order_for(row_id, own, site, lock=True)
    if row.state == OrderState.TAKEN:
        row.problem = ""  # a person compared it with the site
    elif row.state == OrderState.HELD:
        take(actor, row, from_told(row.told), queries.skus(own, site))
    audit(actor, "try_market_order", f"market_order:{row_id}", ("state", "problem"))
    return row


def say_goods(actor: Actor, site: Site, row_id: int, packs: Mapping[int, int]) -> MarketOrder:
    """Which pack each line means {place of the line: pack id}; remembered for the site, and the order is tried again.

    Raises NotFound for a pack that is not the cooperative's own.
    """
    own = _own(actor)
    row = queries.order_for(row_id, own, site, lock=True)
    if row.state != OrderState.HELD:
        raise Conflict(N_("Đơn này không còn chờ."), remedy=N_("Mở lại từ trang của sàn."))
    sale = from_told(row.told)
    for place, pack_id in packs.items():
        if not 0 <= place < len(sale.lines) or not _is_own(pack_id, own):
            raise NotFound(N_("Không có gói này."), remedy=N_("Chọn lại trong danh sách."))
        sku = sku_key(sale.lines[place].sku)
        told = db.session.get(MarketSku, (own, str(site), sku)) or MarketSku(
            cooperative_id=own, site=site, sku=sku
        )
        told.pack_id = pack_id
        db.session.add(told)
    db.session.flush()
    audit(actor, "say_market_goods", f"market_order:{row_id}", ("sku",))
    return try_again(actor, site, row_id)


def _is_own(pack_id: int, cooperative_id: int) -> bool:
    wanted = select(Pack.id).join(Product, Product.id == Pack.product_id).where(
        Pack.id == pack_id, Product.cooperative_id == cooperative_id
    )  # fmt: skip
    return db.session.execute(wanted).first() is not None


def give_up(actor: Actor, site: Site, row_id: int) -> MarketOrder:
    """The manager cancels an order at the site, which had nothing to give it. Later files do not bring it back.

    Raises Conflict for one that is ours already.
    """
    own = _own(actor)
    row = queries.order_for(row_id, own, site, lock=True)
    if row.state == OrderState.TAKEN:
        raise Conflict(N_("Đơn này chợ đã nhận."), remedy=N_("Mở đơn của chợ rồi huỷ ở đó."))
    row.given_up, row.state, row.problem, row.problem_text = True, OrderState.ENDED, "", ""
    row.told, row.changed_at = from_told(row.told).goods(), clock.now()
    db.session.flush()
    audit(actor, "give_up_market_order", f"market_order:{row_id}", ("state",))
    return row


# --- templates


def set_categories(actor: Actor, site: Site, codes: Mapping[int, str]) -> None:
    """The site's codes of our categories {category id: code}; an empty one is forgotten."""
    own = _own(actor)
    for category_id, code in sorted(codes.items()):
        row = db.session.get(MarketCategory, (own, str(site), category_id))
        if not (said := clean(code)[:120]):
            if row is not None:
                db.session.delete(row)
            continue
        row = row or MarketCategory(cooperative_id=own, site=site, category_id=category_id)
        row.code = said
        db.session.add(row)
    db.session.flush()
    audit(actor, "set_market_categories", f"cooperative:{own}", ("code",))


def told(actor: Actor, site: Site, said: Mapping[int, tuple[int, int]]) -> None:
    """A filled template was fetched: the site is taken to know {pack id: (đồng, pieces)} from now on."""
    own = _own(actor)
    known = {
        row.pack_id: row
        for row in db.session.execute(
            select(MarketListing).where(MarketListing.cooperative_id == own, MarketListing.site == site)
        ).scalars()
    }
    for pack_id, (price, stock) in said.items():
        row = known.get(pack_id) or MarketListing(cooperative_id=own, site=site, pack_id=pack_id)
        row.price_vnd, row.stock, row.told_at = price, stock, clock.now()
        db.session.add(row)
    db.session.flush()
    audit(actor, "tell_market", f"cooperative:{own}", ("price_vnd", "stock"))
