"""Registering a prefix, and giving numbers: each once, in order, whoever asks at the same moment."""

from collections.abc import Sequence

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Pack, Product
from catalog.operations import own_cooperative, set_gtin
from catalog.rules import is_restricted
from cooperatives.models import Cooperative
from cooperatives.operations import set_gs1_prefix
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from traceability.epcis.operations import record
from traceability.epcis.rules import Goods, Step, packs
from traceability.models import Lot
from traceability.numbers.models import (
    CaseNumber,
    CompanyPrefix,
    GivenNumber,
    LogisticUnit,
    NumberCount,
    NumberedPlace,
    UnitContent,
)
from traceability.numbers.rules import (
    INDICATORS,
    RESTRICTED_PREFIX,
    Kind,
    case_gtin,
    company_prefix,
    count_of,
    internal_unit,
    number_of,
    room,
)
from traceability.rules import LotKind, LotState

# PostgreSQL's form of ON CONFLICT is understood on both engines, SQLite's is not.
_NEW = insert(NumberCount).values(prefix=bindparam("p"), kind=bindparam("k"), used_count=1)
_NEXT = _NEW.on_conflict_do_update(
    index_elements=["prefix", "kind"], set_={"used_count": NumberCount.used_count + 1}
).returning(NumberCount.used_count)
PIECES_MAX, REASON_MAX_CHARS = 100_000, 200


# ---- prefixes ----


def register_prefix(actor: Actor, cooperative_id: int, *, digits: str, licence: str, document: str,
                    first_free: int = 0) -> CompanyPrefix:  # fmt: skip
    """Enter a company prefix that GS1 licensed to a cooperative; the actor is the one who saw the paper.

    digits: 7–10 of them. licence: the certificate's number. document: private file name of its scan. first_free: how
    many trade items the cooperative had numbered before, so that none of them is given again. The same prefix for the
    same cooperative again changes the paper. Raises Invalid, and Conflict where another cooperative holds it.
    """
    actor.must_be(Role.ADMINISTRATOR)
    number = company_prefix(digits)
    if not clean(licence):
        raise Invalid(N_("Ghi số giấy chứng nhận của GS1."), field="licence")
    if not document:
        raise Invalid(N_("Gửi kèm bản chụp giấy chứng nhận."), field="document")
    if not 0 <= first_free < room(Kind.GTIN, number):
        raise Invalid(N_("Số mã đã dùng phải từ 0 đến %(most)s."), field="first_free",
                      most=room(Kind.GTIN, number) - 1)  # fmt: skip
    held = _held_by(number, cooperative_id)
    before = prefix_of(cooperative_id)
    if before is not None and before is not held:
        before.withdrawn_at = clock.now()
        db.session.flush()
    if held is None:
        held = CompanyPrefix(digits=number, cooperative_id=cooperative_id, registered_at=clock.now())
        db.session.add(held)
        db.session.add(NumberCount(prefix=number, kind=Kind.GTIN, used_count=first_free))
    held.licence, held.document, held.checked_by_id = clean(licence)[:60], document, actor.user_id
    held.withdrawn_at = None
    db.session.flush()
    set_gs1_prefix(actor, cooperative_id, number)
    audit(actor, "register prefix", f"cooperative:{cooperative_id}", fields=("digits", "licence"))
    return held


def _held_by(digits: str, cooperative_id: int) -> CompanyPrefix | None:
    """The row of a prefix if it is this cooperative's. Raises Conflict where another holds it, or one it lies under."""
    for one in db.session.execute(select(CompanyPrefix)).scalars():
        if one.digits == digits and one.cooperative_id == cooperative_id:
            return one
        if one.digits.startswith(digits) or digits.startswith(one.digits):
            raise Conflict(
                N_("Mã doanh nghiệp này đã ghi cho nơi khác."), remedy=N_("Xem lại giấy chứng nhận.")
            )
    return None


def prefix_of(cooperative_id: int) -> CompanyPrefix | None:
    """The prefix a cooperative's numbers are taken from now."""
    return db.session.execute(
        select(CompanyPrefix).where(
            CompanyPrefix.cooperative_id == cooperative_id, CompanyPrefix.withdrawn_at.is_(None)
        )
    ).scalar_one_or_none()


# ---- giving ----


def give(actor: Actor, cooperative_id: int, kind: Kind, subject: str) -> str:
    """The next number of a kind for a subject such as "pack:17", written down for good in this transaction.

    The count's row stays locked until the transaction ends, and falls back with it: no gap, and never one number
    twice. A trade item needs the cooperative's own prefix. Without one a place has a number of restricted circulation,
    and a logistic unit the market's own, which is none of GS1's. Raises Conflict when a prefix is used up.
    """
    own = prefix_of(cooperative_id)
    if own is None and kind is Kind.GTIN:
        raise Conflict(
            N_("Hợp tác xã chưa có mã doanh nghiệp GS1."),
            remedy=N_("Gửi giấy chứng nhận của GS1 cho chợ để ghi mã vào sổ."),
        )
    prefix = own.digits if own else RESTRICTED_PREFIX
    number = _next(kind, prefix)
    if own is None and kind is Kind.SSCC:
        number = internal_unit(count_of(kind, prefix, number))
    while (
        kind is Kind.GTIN and db.session.execute(select(exists().where(Pack.gtin == f"0{number}"))).scalar()
    ):
        number = _next(
            kind, prefix
        )  # the cooperative wrote this one on a pack by itself: it is in use, no gap
    db.session.add(GivenNumber(kind=kind, number=number, prefix=prefix, cooperative_id=cooperative_id, subject=subject,
                               at=clock.now(), by_user_id=actor.user_id))  # fmt: skip
    db.session.flush()
    return number


def _next(kind: Kind, prefix: str) -> str:
    used = db.session.execute(_NEXT, {"p": prefix, "k": str(kind)}).scalar_one()
    if used > room(kind, prefix):
        raise Conflict(
            N_("Mã doanh nghiệp này đã dùng hết số."), remedy=N_("Xin GS1 thêm một mã rồi báo cho chợ.")
        )
    return number_of(kind, prefix, used - 1)


def give_gtin(actor: Actor, pack_id: int) -> str:
    """Give a pack the cooperative's next GTIN-13 instead of the market's own number; 14 digits.

    Raises Conflict where packs with the old number are in stock, or where it has a number of GS1 already.
    """
    pack, cooperative = own_pack(actor, pack_id)
    if not is_restricted(pack.gtin):
        raise Conflict(N_("Quy cách này đã có mã GS1."), remedy=N_("Mỗi quy cách một mã, dùng mãi."))
    number = give(actor, cooperative.id, Kind.GTIN, f"pack:{pack.id}")
    return set_gtin(actor, pack.id, number).gtin


def give_case_gtin(actor: Actor, pack_id: int, pieces: int) -> CaseNumber:
    """The GTIN-14 of a case of so many pieces of a pack: indicators 1 to 8. The same case, the same number."""
    pack, _cooperative = own_pack(actor, pack_id, locked=True)
    if not 2 <= pieces <= 10_000:
        raise Invalid(N_("Một thùng có từ 2 đến 10.000 gói."), field="pieces")
    there = db.session.execute(select(CaseNumber).where(CaseNumber.pack_id == pack.id)).scalars().all()
    known = next((one for one in there if one.pieces == pieces), None)
    if known is not None:
        return known
    if len(there) >= len(INDICATORS):
        raise Conflict(
            N_("Một quy cách có nhiều nhất 8 cỡ thùng."), remedy=N_("Dùng lại một cỡ thùng đã có.")
        )
    made = CaseNumber(pack_id=pack.id, pieces=pieces, gtin=case_gtin(pack.gtin, INDICATORS[len(there)]))
    db.session.add(made)
    db.session.flush()
    audit(actor, "give case number", f"pack:{pack.id}")
    return made


def own_pack(actor: Actor, pack_id: int, *, locked: bool = False) -> tuple[Pack, Cooperative]:
    """A pack of the actor's own cooperative. locked: held until the transaction ends."""
    query = select(Pack).where(Pack.id == pack_id)
    pack = db.session.execute(query.with_for_update() if locked else query).scalar_one_or_none()
    if pack is None:
        raise NotFound(N_("Không có quy cách này."), remedy=N_("Chọn lại món hàng."))
    product = db.session.get_one(Product, pack.product_id)
    return pack, own_cooperative(actor, product.cooperative_id)


def number_place(actor: Actor, cooperative_id: int) -> NumberedPlace:
    """Give the cooperative's store a GLN; asked again it is the same one."""
    cooperative = own_cooperative(actor, cooperative_id)
    query = select(NumberedPlace).where(NumberedPlace.cooperative_id == cooperative.id)
    known = db.session.execute(query).scalar_one_or_none()
    if known is not None:
        return known
    gln = give(actor, cooperative.id, Kind.GLN, f"cooperative:{cooperative.id}")
    made = NumberedPlace(gln=gln, cooperative_id=cooperative.id, name=cooperative.name, made_at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit(actor, "number place", f"cooperative:{cooperative.id}")
    return made


def make_unit(actor: Actor, key: str, inside: Sequence[tuple[int, int, int]]) -> LogisticUnit:
    """Give a case or pallet its number, with what is inside as (lot, pack, pieces). The same key gives the same unit.

    Lots are of one cooperative, the actor's own, not recalled and really made; the pack is one of the lot's product.
    Stock does not move: the packs stay where the book has them. Raises NotFound, Conflict or Invalid.
    """
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    known = db.session.execute(select(LogisticUnit).where(LogisticUnit.key == key)).scalar_one_or_none()
    if known is not None:
        _served(actor, known.cooperative_id)
        return known
    if not inside:
        raise Invalid(N_("Kiện phải có ít nhất một thứ bên trong."), field="pieces")
    owners = {_content(lot_id, pack_id, pieces) for lot_id, pack_id, pieces in inside}
    if len(owners) != 1:
        raise Invalid(N_("Một kiện chỉ chứa hàng của một hợp tác xã."), field="pieces")
    [cooperative_id] = owners
    _served(actor, cooperative_id)
    number = give(actor, cooperative_id, Kind.SSCC, "unit")
    named = {"sscc": number} if number.isdecimal() else {"internal": number}
    unit = LogisticUnit(
        key=key, **named, cooperative_id=cooperative_id, made_at=clock.now(), by_user_id=actor.user_id,
        contents=[UnitContent(lot_id=lot, pack_id=pack, pieces=pieces) for lot, pack, pieces in inside],
    )  # fmt: skip
    db.session.add(unit)
    db.session.flush()
    record(Step.CASED, cooperative_id=cooperative_id, at=unit.made_at, subject=f"unit:{unit.id}",
           goods=_goods(inside), parent=_parent(number))  # fmt: skip
    audit(actor, "make unit", f"unit:{unit.id}")
    return unit


def void_unit(actor: Actor, unit_id: int, reason: str) -> LogisticUnit:
    """Give up a case or pallet: opened, damaged, put together wrongly. Its number is kept and never given again.

    Stock does not move. Whoever scans one of its labels is told so, and no more labels are printed. A second time
    changes nothing. Raises NotFound for another cooperative's unit, Invalid without a reason.
    """
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    unit = db.session.execute(
        select(LogisticUnit).where(LogisticUnit.id == unit_id).with_for_update()
    ).scalar()
    if unit is None:
        raise NotFound(N_("Không có kiện này."), remedy=N_("Xem lại danh sách kiện."))
    _served(actor, unit.cooperative_id)
    if unit.voided_at is not None:
        return unit
    why = clean(reason)[:REASON_MAX_CHARS]
    if not why:
        raise Invalid(N_("Viết vì sao huỷ kiện, ví dụ: đã mở ra bán lẻ."), field="void_reason")
    unit.voided_at, unit.void_reason, unit.voided_by_id = clock.now(), why, actor.user_id
    db.session.flush()
    inside = [(one.lot_id, one.pack_id, one.pieces) for one in unit.contents]
    record(Step.UNCASED, cooperative_id=unit.cooperative_id, at=unit.voided_at, subject=f"unit:{unit.id}",
           goods=_goods(inside), parent=_parent(unit.number))  # fmt: skip
    audit(actor, "void unit", f"unit:{unit.id}", fields=("void_reason",))
    return unit


def _parent(number: str) -> str:
    """The path that names a unit in its events."""
    return f"/00/{number}" if number.isdecimal() else f"/id/unit/{number}"


def _goods(inside: Sequence[tuple[int, int, int]]) -> list[Goods]:
    """What a unit holds, as its event says it."""
    return [
        packs(lot_id, db.session.get_one(Pack, pack_id).gtin, db.session.get_one(Lot, lot_id).code, pieces)
        for lot_id, pack_id, pieces in inside
    ]


def _served(actor: Actor, cooperative_id: int) -> None:
    owner = db.session.get_one(Cooperative, cooperative_id).organisation_id
    if actor.role is not Role.SYSTEM and (owner is None or actor.organisation_id != owner):
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại danh sách lô."))


def _content(lot_id: int, pack_id: int, pieces: int) -> int:
    """Checks one line of a unit; whose it is."""
    lot, pack = db.session.get(Lot, lot_id), db.session.get(Pack, pack_id)
    if lot is None or pack is None or pack.product_id != lot.product_id:
        raise NotFound(N_("Quy cách này không thuộc lô."), remedy=N_("Chọn quy cách của món hàng trong lô."))
    if lot.state == LotState.RECALLED:
        raise Conflict(N_("Lô này đã thu hồi nên không đóng kiện."), remedy=N_("Xem lý do ở trang của lô."))
    if lot.kind == LotKind.PLANNED:
        raise Conflict(N_("Lô này mới là dự kiến."), remedy=N_("Đóng gói xong rồi đóng kiện."))
    if not 1 <= pieces <= PIECES_MAX:
        raise Invalid(N_("Số gói từ 1 đến %(most)s."), field="pieces", most=PIECES_MAX)
    return lot.cooperative_id
