"""What was accepted becomes goods.

New products are drafts that nobody sees before their manager publishes them. They all arrive in one transaction,
written in bulk. Changes of products that are there go through the verbs that a form uses, CHUNK products to a
transaction: up to that many the whole table is one transaction, all or nothing. Above it a killed
worker's table goes on where it stopped; no product is ever half changed, and no row is taken twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog import operations
from catalog.history.models import ProductChange
from catalog.history.operations import as_json
from catalog.history.rules import Deed, difference
from catalog.models import Pack, PriceChange, Product
from catalog.operations import Draft
from catalog.photos import operations as photos
from catalog.rules import GtinKind, check_gtin, restricted_gtin
from catalog.sheets.models import SheetCode, SheetImport, SheetRow
from catalog.sheets.operations import is_mine, leave
from catalog.sheets.plans import PRODUCT_FIELDS
from catalog.sheets.queries import CHUNK as IN_MAX
from catalog.sheets.rules import GOOD, Event, Outcome, State, next_state
from catalog.weighed.operations import set_rate
from cooperatives.models import Cooperative
from core import clock, once, work
from core.db import db
from core.errors import Conflict, DomainError
from core.i18n import N_
from core.text import fold, slugify

CHUNK = 200  # products changed in one transaction: about a second of SQLite's only writer


def waiting(import_id: int) -> list[SheetRow]:
    """The rows of the next turn: every new one, and those of the next CHUNK products that change."""
    mine = (SheetRow.import_id == import_id, SheetRow.outcome.in_(GOOD))
    due = select(SheetRow.product_id).where(*mine, SheetRow.product_id.is_not(None)).distinct()
    next_ids = list(db.session.execute(due.order_by(SheetRow.product_id).limit(CHUNK)).scalars())
    wanted = select(SheetRow).where(
        *mine, (SheetRow.outcome == Outcome.NEW) | SheetRow.product_id.in_(next_ids)
    )
    return list(db.session.execute(wanted.order_by(SheetRow.row_no)).scalars())


def take_turn(import_id: int, originals: Mapping[str, str]) -> bool:
    """Take the rows of one turn, inside the caller's transaction; True when none is left or somebody else has the work.

    originals: folded picture name → name of the stored private file.
    """
    if not is_mine(import_id):
        return True
    one = db.session.get_one(SheetImport, import_id, populate_existing=True)
    if one.state != State.APPLYING:
        return True
    cooperative = db.session.get_one(Cooperative, one.cooperative_id)
    actor = Actor(user_id=one.by_user_id, role=Role.MANAGER, organisation_id=cooperative.organisation_id)
    rows = waiting(import_id)
    fresh = [row for row in rows if row.outcome == Outcome.NEW]
    changed = _by((row for row in rows if row.outcome != Outcome.NEW), "product_id")
    if fresh:
        _bring_all(actor, one, cooperative, fresh, originals)
    for product_id, mine in changed.items():
        _change_safely(actor, product_id or 0, mine, originals)
    one.done_count += sum(row.outcome == Outcome.TAKEN for row in rows)
    db.session.flush()
    if rows:
        audit(actor, "take rows", f"sheet:{one.id}", purpose=f"{len(rows)} rows")
        if waiting(import_id):
            return False
    work.settle(SheetImport, import_id, state=next_state(State.APPLYING, Event.APPLIED), ended_at=clock.now())
    return True


def _by(rows: Iterable[SheetRow], name: str) -> dict[int | None, list[SheetRow]]:
    found: dict[int | None, list[SheetRow]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


# ---- products that are new ----


def _bring_all(
    actor: Actor,
    one: SheetImport,
    cooperative: Cooperative,
    rows: Sequence[SheetRow],
    originals: Mapping[str, str],
) -> None:
    groups = _by(rows, "group_no")
    drafts = {first: _draft(mine, cooperative) for first, mine in groups.items()}
    slugs = free_slugs([draft.name for draft in drafts.values()])
    made = {
        first: Product(
            key=f"sheet-{one.id}-{first}",
            cooperative_id=cooperative.id,
            slug=slug,
            name_folded=fold(draft.name),
            created_at=clock.now(),
            state="draft",
            **asdict(draft),
        )
        for (first, draft), slug in zip(drafts.items(), slugs, strict=True)
    }
    db.session.add_all(made.values())
    db.session.flush()
    db.session.add_all(_created(actor, made[first].id, draft) for first, draft in drafts.items())
    _bring_packs(actor, cooperative, groups, made)
    for first, mine in groups.items():
        _add_photos(actor, made[first].id, mine, originals)
    for row in rows:
        row.product_id, row.outcome = made[row.group_no].id, Outcome.TAKEN
    db.session.flush()


def _draft(rows: Sequence[SheetRow], cooperative: Cooperative) -> Draft:
    """What the rows of one new product say of it; made where the cooperative is, unless they say otherwise."""
    said: dict[str, Any] = {"origin_commune_id": cooperative.commune_id}
    for row in reversed(rows):
        said |= {name: row.said[name] for name in PRODUCT_FIELDS if name in row.said}
    return Draft(**said)


def free_slugs(names: Sequence[str]) -> list[str]:
    """Paths for new products, in order: from the name, with -2, -3 … where it is taken, here or among one another."""
    bases = [slugify(name) for name in names]
    times = Counter(bases)
    taken, wanted = set[str](), sorted(times)
    for start in range(0, len(wanted), IN_MAX):
        some = wanted[start : start + IN_MAX]
        taken |= set(db.session.execute(select(Product.slug).where(Product.slug.in_(some))).scalars())
    for base in [base for base in wanted if base in taken or times[base] > 1]:
        taken |= set(
            db.session.execute(select(Product.slug).where(Product.slug.startswith(f"{base}-"))).scalars()
        )
    found = []
    for base in bases:
        number, slug = 1, base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        found.append(slug)
    return found


def _created(actor: Actor, product_id: int, draft: Draft) -> ProductChange:
    """The first line of a product's history."""
    was, becomes = difference(asdict(Draft()), asdict(draft))
    return ProductChange(
        product_id=product_id,
        deed=Deed.CREATED,
        before=as_json(was),
        after=as_json(becomes),
        at=clock.now(),
        by_user_id=actor.user_id,
    )


def _bring_packs(
    actor: Actor,
    cooperative: Cooperative,
    groups: Mapping[int | None, Sequence[SheetRow]],
    made: Mapping[int | None, Product],
) -> None:
    """The packs of new products, each with its number, its first price and the cooperative's own code."""
    rows = [
        (first, place, row)
        for first, mine in groups.items()
        for place, row in enumerate(row for row in mine if "net" in row.said)
    ]
    unnumbered = sum("gtin" not in row.said for _first, _place, row in rows)
    number = once.next_number("restricted gtin", unnumbered) if unnumbered else 0
    packs: list[tuple[SheetRow, Pack]] = []
    for first, place, row in rows:
        if "gtin" in row.said:
            gtin, kind = check_gtin(row.said["gtin"], cooperative.gs1_prefix), GtinKind.OWN
        else:
            gtin, kind, number = restricted_gtin(number), GtinKind.RESTRICTED, number + 1
        packs.append((row, _pack(made[first].id, place, row.said, gtin, kind)))
    db.session.add_all(pack for _row, pack in packs)
    db.session.flush()
    now = clock.now()
    db.session.add_all(
        PriceChange(pack_id=pack.id, price_vnd=pack.price_vnd, at=now, by_user_id=actor.user_id)
        for _row, pack in packs
    )
    db.session.add_all(
        SheetCode(pack_id=pack.id, cooperative_id=cooperative.id, code=row.said["code"])
        for row, pack in packs
        if row.said.get("code")
    )
    for row, pack in packs:
        row.pack_id = pack.id


def _pack(product_id: int, place: int, said: Mapping[str, Any], gtin: str, kind: GtinKind) -> Pack:
    quantity, unit = said["net"]
    return Pack(
        product_id=product_id,
        label=said.get("label") or said["said"],
        net_quantity=quantity,
        net_unit=unit,
        gtin=gtin,
        gtin_kind=kind,
        price_vnd=said["price_vnd"],
        position=place,
        active=True,
        lead=place == 0,
        available=0,
        gross_weight_g=operations.gross_weight(said.get("gross_weight_g"), quantity, unit),
    )


# ---- products that are there ----


def _change_safely(
    actor: Actor, product_id: int, rows: Sequence[SheetRow], originals: Mapping[str, str]
) -> None:
    """All rows of one product, or none: what cannot be done any more leaves them out and says why."""
    try:
        with db.session.begin_nested():
            _change(actor, product_id, rows, originals)
    except DomainError as error:
        db.session.expire_all()
        for row in rows:
            leave(row, error)
    else:
        for row in rows:
            row.outcome = Outcome.TAKEN


def _change(actor: Actor, product_id: int, rows: Sequence[SheetRow], originals: Mapping[str, str]) -> None:
    product = operations.own_product(actor, product_id)
    db.session.refresh(product)
    wanted: dict[str, Any] = {}
    for row in rows:
        for name, before, after in row.changes:
            if name in PRODUCT_FIELDS:
                _unchanged(getattr(product, name), before, after)
                wanted[name] = after
    if wanted:
        now = {name: getattr(product, name) for name in Draft.__dataclass_fields__}
        operations.save_draft(actor, product.cooperative_id, product.key, Draft(**now | wanted))
    for row in rows:
        if row.outcome == Outcome.PACK:
            row.pack_id = _add_pack(actor, product_id, row.said).id
        elif row.pack_id is not None:
            _change_pack(actor, row)
        if row.said.get("code") and row.pack_id is not None:
            _keep_code(product.cooperative_id, row.pack_id, row.said["code"])
    _add_photos(actor, product_id, rows, originals)


def _unchanged(now: Any, before: Any, after: Any) -> None:
    """Refuse where somebody changed it after the manager looked; what is as wished already is well."""
    if now not in (before, after):
        raise Conflict(
            N_("Món này vừa có người sửa sau khi bạn xem bảng."),
            remedy=N_("Tải các dòng này về rồi gửi lại."),
        )


def _add_pack(actor: Actor, product_id: int, said: Mapping[str, Any]) -> Pack:
    quantity, unit = said["net"]
    return operations.add_pack(
        actor,
        product_id,
        label=said.get("label") or said["said"],
        net_quantity=quantity,
        net_unit=unit,
        price_vnd=said["price_vnd"],
        gross_weight_g=said.get("gross_weight_g"),
        gtin=said.get("gtin", ""),
    )


def _change_pack(actor: Actor, row: SheetRow) -> None:
    pack = db.session.get_one(Pack, row.pack_id, populate_existing=True)
    changes = {name: (before, after) for name, before, after in row.changes if hasattr(pack, name)}
    for name, (before, after) in changes.items():
        now = pack.gtin[1:] if name == "gtin" else getattr(pack, name)
        if name in ("label", "price_vnd", "gross_weight_g", "gtin"):
            _unchanged(now, before, after)
    if "price_per_kg_vnd" in changes:
        before, after = changes["price_per_kg_vnd"]
        _unchanged(pack.price_per_kg_vnd, before, after)
        set_rate(actor, pack.id, after)
    if "gtin" in changes:
        operations.set_gtin(actor, pack.id, changes["gtin"][1])
    if "label" in changes or "gross_weight_g" in changes:
        wished = {
            name: changes[name][1] if name in changes else getattr(pack, name)
            for name in ("label", "gross_weight_g")
        }
        price = changes["price_vnd"][1] if "price_vnd" in changes else pack.price_vnd
        operations.edit_pack(actor, pack.id, **wished, price_vnd=price)
    elif "price_vnd" in changes:
        operations.set_price(actor, pack.id, changes["price_vnd"][1])


def _keep_code(cooperative_id: int, pack_id: int, code: str) -> None:
    known = db.session.execute(update(SheetCode).where(SheetCode.pack_id == pack_id).values(code=code))
    if not known.rowcount:  # type: ignore[attr-defined]
        db.session.add(SheetCode(pack_id=pack_id, cooperative_id=cooperative_id, code=code))
        db.session.flush()


# ---- pictures ----


def _add_photos(
    actor: Actor, product_id: int, rows: Sequence[SheetRow], originals: Mapping[str, str]
) -> None:
    """The pictures that rows name, as pending photos; the same bytes for the same product again are the same photo."""
    for name in dict.fromkeys(name for row in rows for name in row.said.get("photos", ())):
        if name in originals:
            content = originals[name].rpartition("/")[2].partition(".")[0]
            photos.add_photo(actor, product_id, f"{product_id}:{content}", originals[name])
