"""Verbs of the catalogue: drafts, packs, prices, publishing. Pictures and papers have their own files."""

from dataclasses import asdict, dataclass

from sqlalchemy import exists, func, select, update

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from catalog import queries
from catalog.availability.operations import follow_product
from catalog.helping.queries import owner_for
from catalog.history.operations import note
from catalog.history.rules import Deed
from catalog.kinds.rules import known_allergens
from catalog.models import Category, Pack, Photo, PriceChange, Product
from catalog.moderation.operations import refuse_if_taken_down
from catalog.rules import (
    NAME_MAX_CHARS,
    PACKS_MAX,
    Event,
    GtinKind,
    PhotoState,
    State,
    Unit,
    check_gtin,
    check_story,
    hits,
    missing,
    next_state,
    only_waits,
    restricted_gtin,
)  # fmt: skip
from catalog.search.operations import reindex
from catalog.weighed.rules import refuse_by_piece
from cooperatives.models import Cooperative
from core import clock, once
from core.db import db
from core.errors import Conflict, DomainError, FormErrors, Invalid, NotAllowed, NotFound
from core.i18n import N_
from core.money import check_price
from core.pages import touch
from core.text import clean, fold, slugify
from places.queries import is_current_commune


@dataclass(frozen=True)
class Draft:
    """What a manager types about a product; anything may still be empty."""

    name: str = ""
    category_id: int | None = None
    story: str = ""
    ingredients: str = ""
    usage: str = ""
    storage: str = ""
    warning: str = ""
    notification_number: str = ""
    shelf_life_days: int | None = None
    origin_commune_id: int | None = None
    ocop_stars: int | None = None
    allergens: str = ""
    harvest_months: int = 0


# ---- who may ----


def own_cooperative(actor: Actor, cooperative_id: int) -> Cooperative:
    """The seller, for its own manager; anybody else is told that there is no such thing."""
    actor.must_be(Role.MANAGER)
    found = db.session.get(Cooperative, cooperative_id)
    if found is None or (actor.role is not Role.SYSTEM and found.organisation_id != actor.organisation_id):
        raise NotFound(N_("Không có món này."))
    return found


def _filled_for(actor: Actor, cooperative_id: int) -> Cooperative:
    """The seller, for its own manager or for the helper its manager agreed to."""
    if actor.role is not Role.DIGITAL_TEAM:
        return own_cooperative(actor, cooperative_id)
    found = db.session.get(Cooperative, cooperative_id)
    if found is None or owner_for(actor, cooperative_id) is None:
        raise NotFound(N_("Không có món này."))
    return found


def own_product(actor: Actor, product_id: int) -> Product:
    """A product of the actor's cooperative, locked; a helper reaches drafts alone. NotFound for everybody else's."""
    found = db.session.execute(
        select(Product).where(Product.id == product_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có món này."))
    _filled_for(actor, found.cooperative_id)
    if actor.role is Role.DIGITAL_TEAM and found.state != State.DRAFT:
        raise NotAllowed(
            N_("Món đã lên chợ thì chỉ quản lý của hợp tác xã sửa được."), remedy=N_("Báo quản lý sửa.")
        )
    return found


def _own_pack(actor: Actor, pack_id: int) -> tuple[Pack, Product]:
    pack = db.session.get(Pack, pack_id)
    if pack is None:
        raise NotFound(N_("Không có quy cách này."))
    return pack, own_product(actor, pack.product_id)


# ---- drafts ----


def save_draft(actor: Actor, cooperative_id: int, key: str, draft: Draft) -> Product:
    """Make a product under the phone's own key, or save it again under the same key.

    Anything may be missing in a draft; a wish to go on sale later is forgotten. A published product must stay complete:
    else FormErrors lists what would be missing, and nothing is changed. Text that needs a look puts a published product
    on hold.
    """
    cooperative = _filled_for(actor, cooperative_id)
    draft = _checked(draft)
    found = db.session.execute(
        select(Product).where(Product.key == key).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        found = Product(key=key, cooperative_id=cooperative.id, state=State.DRAFT, created_at=clock.now(),
                        slug=f"moi-{fold(key)}"[:80])  # fmt: skip
        db.session.add(found)
        before = None
    elif found.cooperative_id != cooperative.id:
        raise NotFound(N_("Không có món này."))
    else:
        own_product(actor, found.id)
        before = {name: getattr(found, name) for name in asdict(draft)}
    changed = tuple(name for name, value in asdict(draft).items() if getattr(found, name, None) != value)
    for name, value in asdict(draft).items():
        setattr(found, name, value)
    found.name_folded, found.publish_requested_at = fold(draft.name), None
    if found.published_at is None and draft.name:
        found.slug = _free_slug(found, draft.name)
    db.session.flush()
    note(
        actor, found, Deed.CREATED if before is None else Deed.WORDS, before or asdict(Draft()), asdict(draft)
    )
    audit(actor, "save product", f"product:{found.id}", fields=changed)
    after_change(found)
    return found


def _checked(draft: Draft) -> Draft:
    errors: list[DomainError] = []
    if len(draft.name) > NAME_MAX_CHARS:
        errors.append(Invalid(N_("Tên dài quá %(most)s chữ."), remedy=N_("Giữ tên ngắn, phần còn lại kể ở dưới."),
                              field="name", most=NAME_MAX_CHARS))  # fmt: skip
    try:
        check_story(draft.story)
    except Invalid as error:
        errors.append(error)
    if draft.category_id is not None and db.session.get(Category, draft.category_id) is None:
        errors.append(Invalid(N_("Chọn một loại trong danh sách."), field="category_id"))
    if draft.origin_commune_id is not None and not is_current_commune(draft.origin_commune_id):
        errors.append(Invalid(N_("Chọn một xã trong danh sách."), field="origin"))
    if not known_allergens(draft.allergens):
        errors.append(Invalid(N_("Chọn các chất trong danh sách."), field="allergens"))
    if errors:
        raise FormErrors(errors)
    texts = {
        name: clean(value, lines=name != "name")
        for name, value in asdict(draft).items()
        if isinstance(value, str)
    }
    return Draft(**(asdict(draft) | texts))


def _free_slug(product: Product, name: str) -> str:
    """A path from the name; a second product of that name gets -2, a third -3."""
    base, number = slugify(name), 1
    slug = base
    while db.session.execute(
        select(exists().where(Product.slug == slug, Product.id != (product.id or 0)))
    ).scalar():
        number += 1
        slug = f"{base}-{number}"
    return slug


def after_change(product: Product) -> None:
    """What must follow any change that readers may see: a published product stays complete, held words wait, the
    index is in step."""
    refresh(product.id)
    if product.state == State.PUBLISHED:
        facts = queries.facts(product)
        lacking = missing(facts)
        if lacking:
            raise FormErrors([_lacks(one.text, one.anchor) for one in lacking])
        if words := hits(facts):
            product.state = next_state(State.PUBLISHED, Event.HOLD)
            product.review_note = ", ".join(words)
    product.version += 1
    db.session.flush()
    reindex(product.id)
    follow_product(product.id)


def _lacks(text: str, anchor: str) -> Invalid:
    return Invalid(text, remedy=N_("Món đang bán phải đủ mục này; hoặc cất món đi rồi sửa."), field=anchor)


def refresh(product_id: int) -> None:
    """Choose again which pack and which photo stand on the card: the first active, the first ready."""
    touch("goods", f"product:{product_id}")
    _choose(Pack, product_id, Pack.lead, Pack.active)
    _choose(Photo, product_id, Photo.cover, Photo.state == PhotoState.READY)


def _choose(model, product_id: int, flag, condition) -> None:  # type: ignore[no-untyped-def]
    first = (
        select(model.id)
        .where(model.product_id == product_id, condition)
        .order_by(model.position, model.id)
        .limit(1)
    )
    chosen = db.session.execute(first).scalar_one_or_none()
    mine = model.product_id == product_id
    db.session.execute(update(model).where(mine, flag, model.id != (chosen or 0)).values({flag.key: False}))
    if chosen is not None:
        db.session.execute(update(model).where(model.id == chosen, ~flag).values({flag.key: True}))


# ---- packs and prices ----


def add_pack(
    actor: Actor, product_id: int, *, label: str, net_quantity: int, net_unit: str, price_vnd: int,
    gross_weight_g: int | None = None, gtin: str = "",
) -> Pack:  # fmt: skip
    """Add a pack. The same label and quantity again is the same pack with a new price: a double tap adds one.

    net_quantity: whole grams, millilitres or pieces. gross_weight_g: with wrapping; estimated where None. gtin: the
    13 digits of the cooperative's own number; empty: the platform gives a restricted one.
    """
    product = own_product(actor, product_id)
    net_quantity, label = _checked_net(net_quantity, net_unit), clean(label)
    same = db.session.execute(
        select(Pack).where(Pack.product_id == product.id, Pack.active, Pack.label == label,
                           Pack.net_quantity == net_quantity, Pack.net_unit == net_unit)
    ).scalar_one_or_none()  # fmt: skip
    if same is not None:
        return set_price(actor, same.id, price_vnd)
    count = db.session.execute(
        select(func.count()).where(Pack.product_id == product.id, Pack.active)
    ).scalar_one()
    if count >= PACKS_MAX:
        raise Invalid(N_("Mỗi món có nhiều nhất %(most)s quy cách."), field="packs", most=PACKS_MAX)
    number, kind = _gtin(product.cooperative_id, gtin)
    pack = Pack(
        product_id=product.id, label=label, net_quantity=net_quantity, net_unit=net_unit, gtin=number, gtin_kind=kind,
        price_vnd=check_price(price_vnd), gross_weight_g=gross_weight(gross_weight_g, net_quantity, net_unit),
        position=count, active=True, lead=False, available=0,
    )  # fmt: skip
    db.session.add(pack)
    db.session.flush()
    _note_price(actor, pack)
    sold_as = {
        "label": label,
        "net_quantity": net_quantity,
        "net_unit": str(net_unit),
        "price_vnd": price_vnd,
    }
    note(actor, product, Deed.PACK_ADDED, {}, sold_as | {"gtin": number}, pack.id)
    audit(actor, "add pack", f"pack:{pack.id}")
    after_change(product)
    return pack


def _checked_net(net_quantity: int, net_unit: str) -> int:
    if net_unit not in set(Unit):
        raise Invalid(N_("Chọn gam, mi-li-lít hoặc cái."), field="net_unit")
    if not 0 < net_quantity <= 1_000_000:
        raise Invalid(N_("Lượng phải lớn hơn 0."), remedy=N_("Viết một số, ví dụ 500."), field="net_quantity")
    return net_quantity


def gross_weight(given: int | None, net_quantity: int, net_unit: str) -> int:
    """A parcel's weight: as given, else net and a fifth for wrapping, at least 50 g; 300 g a piece."""
    if given is not None:
        if not 0 < given <= 100_000:
            raise Invalid(N_("Cân nặng cả gói từ 1 g đến 100 kg."), field="gross_weight_g")
        return given
    net_g = 300 * net_quantity if net_unit == Unit.PIECE else net_quantity
    return min(100_000, net_g + max(50, net_g // 5))


def _gtin(cooperative_id: int, typed: str) -> tuple[str, GtinKind]:
    """The cooperative's own number, checked; or the next restricted number of the whole platform."""
    if not typed:
        return restricted_gtin(once.next_number("restricted gtin")), GtinKind.RESTRICTED
    cooperative = db.session.get_one(Cooperative, cooperative_id)
    number = check_gtin(typed, cooperative.gs1_prefix)
    if db.session.execute(select(exists().where(Pack.gtin == number))).scalar():
        raise Invalid(
            N_("Mã vạch này đã dùng cho quy cách khác."), remedy=N_("Mỗi quy cách một mã."), field="gtin"
        )
    return number, GtinKind.OWN


def set_gtin(actor: Actor, pack_id: int, typed: str) -> Pack:
    """Give a pack the cooperative's own number instead of the platform's. Labels already printed keep the old one,
    so it is refused once pieces are in stock."""
    pack, product = _own_pack(actor, pack_id)
    if pack.available:
        raise Conflict(
            N_("Quy cách này đang có hàng dán mã cũ."), remedy=N_("Bán hết rồi đổi, hoặc thêm quy cách mới.")
        )
    before = {"gtin": pack.gtin}
    pack.gtin, pack.gtin_kind = _gtin(product.cooperative_id, typed)
    pack.stocked = False
    db.session.flush()
    note(actor, product, Deed.PACK, before, {"gtin": pack.gtin}, pack.id)
    audit(actor, "set gtin", f"pack:{pack.id}", fields=("gtin",))
    after_change(product)
    return pack


def set_price(actor: Actor, pack_id: int, price_vnd: int) -> Pack:
    """Change a pack's price from now on; orders keep the price they were made at."""
    pack, product = _own_pack(actor, pack_id)
    if pack.price_vnd == check_price(price_vnd):
        return pack
    refuse_by_piece(pack.price_per_kg_vnd)
    before, pack.price_vnd = pack.price_vnd, price_vnd
    db.session.flush()
    _note_price(actor, pack)
    note(actor, product, Deed.PACK, {"price_vnd": before}, {"price_vnd": price_vnd}, pack.id)
    audit(actor, "set price", f"pack:{pack.id}", fields=("price_vnd",))
    after_change(product)
    return pack


def _note_price(actor: Actor, pack: Pack) -> None:
    db.session.add(
        PriceChange(pack_id=pack.id, price_vnd=pack.price_vnd, at=clock.now(), by_user_id=actor.user_id)
    )
    db.session.flush()


def edit_pack(actor: Actor, pack_id: int, *, label: str, gross_weight_g: int | None, price_vnd: int) -> Pack:
    """Change what may change of a pack: its label, weight with wrapping and price. Its net quantity never does,
    since labels and orders name it: make another pack."""
    pack, product = _own_pack(actor, pack_id)
    before = {"label": pack.label, "gross_weight_g": pack.gross_weight_g}
    pack.label = clean(label)
    pack.gross_weight_g = gross_weight(gross_weight_g, pack.net_quantity, pack.net_unit)
    db.session.flush()
    note(actor, product, Deed.PACK, before, {name: getattr(pack, name) for name in before}, pack.id)
    after_change(product)
    return set_price(actor, pack_id, price_vnd)


def retire_pack(actor: Actor, pack_id: int) -> Pack:
    """Stop selling a pack. It stays, for the orders and lots that name it."""
    pack, product = _own_pack(actor, pack_id)
    was, pack.active = pack.active, False
    db.session.flush()
    note(actor, product, Deed.PACK_RETIRED, {"active": was}, {"active": False}, pack.id)
    audit(actor, "retire pack", f"pack:{pack.id}")
    after_change(product)
    return pack


def set_rating(product_id: int, rating_sum: int, rating_count: int) -> None:
    """Told by `orders`: the sum and number of shown reviews."""
    touch("goods", f"product:{product_id}")
    db.session.execute(
        update(Product).where(Product.id == product_id)
        .values(rating_sum=rating_sum, rating_count=rating_count, version=Product.version + 1)
    )  # fmt: skip


# ---- publishing ----


def publish(actor: Actor, product_id: int) -> Product:
    """Show a product to everybody, at once. Raises FormErrors with everything that is missing.

    Moderation is automatic: words that promise a cure put it on hold until an administrator has looked; the
    manager sees which words. Publishing again what is published changes nothing.
    """
    actor.must_be(Role.MANAGER)
    product = own_product(actor, product_id)
    if product.state == State.PUBLISHED:
        return product
    refuse_if_taken_down(product.id)
    refresh(product.id)
    facts = queries.facts(product)
    if lacking := missing(facts):
        raise FormErrors([Invalid(one.text, field=one.anchor) for one in lacking])
    words, before = hits(facts), product.state
    product.state = next_state(State(product.state), Event.HOLD if words else Event.PUBLISH)
    product.review_note, product.publish_requested_at = ", ".join(words), None
    if not words:
        product.published_at = product.published_at or clock.now()
    note(actor, product, Deed.STATE, {"state": before}, {"state": str(product.state)})
    audit(actor, "publish", f"product:{product.id}", fields=("state",))
    product.version += 1
    db.session.flush()
    reindex(product.id)
    follow_product(product.id)
    return product


def publish_when_ready(actor: Actor, product_id: int) -> Product:
    """Publish, or where nothing is missing but a photo in work, remember the wish: the worker publishes it then.

    Raises FormErrors with everything that is missing.
    """
    actor.must_be(Role.MANAGER)
    product = own_product(actor, product_id)
    if product.state == State.PUBLISHED or not only_waits(queries.facts(product)):
        return publish(actor, product_id)
    product.publish_requested_at = clock.now()
    audit(actor, "publish when ready", f"product:{product.id}")
    db.session.flush()
    return product


def follow_photo(product_id: int) -> None:
    """A photo of this product is ready or failed: refresh its card, and publish it if that was all it waited for.

    Where something is missing still, the wish stays and the manager's pages say what.
    """
    wanted = select(Product).where(Product.id == product_id).with_for_update()
    product = db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    if product.state in (State.PUBLISHED, State.DRAFT):
        after_change(product)
    if product.publish_requested_at is not None and not missing(queries.facts(product)):
        publish(SYSTEM, product.id)


def withdraw(actor: Actor, product_id: int) -> Product:
    """Take a product off the shelf; nobody finds it from the commit on. Withdrawing twice is harmless."""
    actor.must_be(Role.MANAGER)
    product = own_product(actor, product_id)
    if product.state == State.WITHDRAWN:
        return product
    return _move(actor, product, Event.WITHDRAW, "withdraw", why="")


def approve_held(actor: Actor, product_id: int) -> Product:
    """An administrator has looked: the words are harmless."""
    actor.must_be(Role.ADMINISTRATOR)
    product = queries.product(product_id)
    product.published_at = product.published_at or clock.now()
    return _move(actor, product, Event.APPROVE, "approve product", why="")


def reject_held(actor: Actor, product_id: int, reason: str) -> Product:
    """An administrator sends a product back to be written differently, saying why."""
    actor.must_be(Role.ADMINISTRATOR)
    if not clean(reason):
        raise Invalid(N_("Viết cho hợp tác xã biết cần sửa chữ nào."), field="reason")
    return _move(actor, queries.product(product_id), Event.REJECT, "reject product", why=clean(reason))


def _move(actor: Actor, product: Product, event: Event, verb: str, *, why: str) -> Product:
    before, product.state = product.state, next_state(State(product.state), event)
    note(actor, product, Deed.STATE, {"state": before}, {"state": str(product.state)})
    product.review_note, product.publish_requested_at = why, None
    product.version += 1
    audit(actor, verb, f"product:{product.id}", fields=("state",))
    db.session.flush()
    reindex(product.id)
    follow_product(product.id)
    return product
