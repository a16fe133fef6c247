"""What our own records say to each kind of evidence that a set of criteria may ask for. Reads only; counts and sums,
never a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from catalog.certificates.queries import covers
from catalog.models import Category, Certificate, Pack, Photo, Product
from catalog.rules import CERTIFICATE_NAMES, CertificateKind, GtinKind, Kind, PhotoState, is_valid_on
from cooperatives.models import Cooperative, Producer, Standing
from cooperatives.queries import standing_on, terms_history
from core.db import db
from core.format import day, percent, vnd, weight
from core.i18n import N_
from households.models import Household
from office.ocop.rules import Fact, Finding
from orders.models import Order, OrderLine, Purchase
from places.models import Unit
from places.queries import place_name
from revenue.queries import sales_by_month
from traceability.balance.queries import mass
from traceability.batches.queries import graph_behind
from traceability.epcis.models import EventLot
from traceability.labels.queries import lacking_of
from traceability.models import Lot, Slip
from traceability.papers.models import CertificatePlot
from traceability.rules import LotKind

YEARS, LOTS_READ, PHOTOS_LEAST, STORY_LEAST = 3, 60, 3, 200


@dataclass(frozen=True)
class Subject:
    """The product whose dossier is read, and the day."""

    product: Product
    cooperative: Cooperative
    today: date

    def lots(self) -> Select[tuple[int]]:
        """Ids of its newest real lots of the last year."""
        since = self.today - timedelta(days=365)
        mine = select(Lot.id).where(
            Lot.product_id == self.product.id, Lot.kind == LotKind.REAL, Lot.made_on >= since
        )
        return mine.order_by(Lot.id.desc()).limit(LOTS_READ)


def _fact(text: str, **params: object) -> Fact:
    return Fact(text, params)


def _sales(of: Subject) -> tuple[list[Fact], str, str]:
    first = date(of.today.year - YEARS + 1, 1, 1)
    sums: dict[int, int] = {}
    for row in sales_by_month(first, of.today + timedelta(days=1), of.cooperative.organisation_id):
        if row.product_id == of.product.id:
            sums[row.year] = sums.get(row.year, 0) + row.goods_vnd
    facts = [_fact(N_("Năm %(year)s: bán %(amount)s"), year=year, amount=vnd(amount))
             for year, amount in sorted(sums.items(), reverse=True)]  # fmt: skip
    return facts, N_("Chưa có đơn nào giao xong trên chợ."), "/manage/orders"


def _reach(of: Subject) -> tuple[list[Fact], str, str]:
    commune = aliased(Unit)
    orders, provinces = db.session.execute(
        select(func.count(Order.id.distinct()), func.count(commune.parent_id.distinct()))
        .join(OrderLine, OrderLine.order_id == Order.id).join(Pack, Pack.id == OrderLine.pack_id)
        .join(Purchase, Purchase.id == Order.purchase_id).join(commune, commune.id == Purchase.commune_id)
        .where(Pack.product_id == of.product.id, Order.delivered_at.is_not(None))
    ).one()  # fmt: skip
    facts = [
        _fact(N_("%(orders)s đơn giao tới %(provinces)s tỉnh, thành"), orders=orders, provinces=provinces)
    ]
    return facts if orders else [], N_("Chưa có đơn nào giao xong trên chợ."), "/manage/orders"


def _members(of: Subject) -> tuple[list[Fact], str, str]:
    rows: dict[str, int] = dict(db.session.execute(
        select(Standing.kind, func.count()).join(Producer, Producer.id == Standing.producer_id)
        .where(Producer.cooperative_id == of.cooperative.id, standing_on(of.today)).group_by(Standing.kind)
    ).tuples().all())  # fmt: skip
    since = of.today - timedelta(days=365)
    homes = db.session.execute(
        select(func.count(Slip.household_id.distinct()))
        .where(Slip.cooperative_id == of.cooperative.id, Slip.weighed_on >= since)
    ).scalar_one()  # fmt: skip
    facts = [
        _fact(N_("%(members)s thành viên, %(linked)s hộ liên kết hôm nay"), members=rows.get("member", 0),
              linked=rows.get("linked", 0)),
        _fact(N_("%(homes)s hộ giao hàng trong 12 tháng"), homes=homes),
    ]  # fmt: skip
    return facts if rows else [], N_("Chưa ghi thành viên nào."), "/manage/producers"


def _local(of: Subject) -> tuple[list[Fact], str, str]:
    """Grams of slips from the cooperative's own province among all that went into the lots of a year."""
    seen: dict[int, int] = {}
    other = 0
    for lot_id in db.session.execute(of.lots()).scalars().all():
        for made in graph_behind(lot_id).values():
            for one in made.inputs:
                if one.slip_id is not None:
                    seen[one.slip_id] = seen.get(one.slip_id, 0) + one.weight_g
                elif one.lot_id is None:
                    other += one.weight_g
    here = db.session.execute(select(Unit.parent_id).where(Unit.id == of.cooperative.commune_id)).scalar_one()
    local = set(db.session.execute(
        select(Slip.id).join(Household, Household.id == Slip.household_id).join(Unit, Unit.id == Household.commune_id)
        .where(Slip.id.in_(sorted(seen)), Unit.parent_id == here)
    ).scalars())  # fmt: skip
    near, whole = sum(grams for slip, grams in seen.items() if slip in local), sum(seen.values()) + other
    facts = [_fact(
        N_("%(share)s đưa vào mẻ trong 12 tháng là của bà con %(province)s (%(weight)s, theo phiếu cân)"),
        share=percent(near, whole), province=place_name(of.cooperative.commune_id).province, weight=weight(near),
    )] if near else []  # fmt: skip
    return facts, N_("Chưa có mẻ nào làm từ phiếu cân trong 12 tháng."), "/manage/batches"


def _output(of: Subject) -> tuple[list[Fact], str, str]:
    since = of.today - timedelta(days=365)
    count, grams = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Lot.output_g), 0))
        .where(Lot.product_id == of.product.id, Lot.kind == LotKind.REAL, Lot.made_on >= since)
    ).one()  # fmt: skip
    facts = [_fact(N_("%(lots)s lô, %(weight)s trong 12 tháng"), lots=count, weight=weight(int(grams)))]
    return facts if count else [], N_("Chưa làm ra lô nào trong 12 tháng."), "/manage/batches"


def _terms(of: Subject) -> tuple[list[Fact], str, str]:
    held = [one for one in terms_history(of.cooperative.id) if one.from_on <= of.today]
    newest = max(held, key=lambda one: one.from_on, default=None)
    facts = [_fact(N_("Quy chế chia từ %(day)s: %(share)s%% giá bán về người làm ra"), day=day(newest.from_on),
                   share=newest.producers_bp // 100)] if newest else []  # fmt: skip
    return facts, N_("Chưa có quy chế chia."), "/manage/cooperative/terms"


def _trace(of: Subject) -> tuple[list[Fact], str, str]:
    lots = of.lots().subquery()
    count, steps = db.session.execute(
        select(func.count(EventLot.lot_id.distinct()), func.count()).where(
            EventLot.lot_id.in_(select(lots.c.id))
        )
    ).one()
    facts = [_fact(N_("%(lots)s lô có trang quét mã, %(steps)s bước ghi trong sổ công khai"), lots=count,
                   steps=steps)]  # fmt: skip
    return facts if count else [], N_("Chưa có lô nào có bước truy xuất."), "/manage/lots"


def _label(of: Subject) -> tuple[list[Fact], str, str]:
    lot = db.session.execute(
        select(Lot).where(Lot.id.in_(of.lots())).order_by(Lot.id.desc()).limit(1)
    ).scalar_one_or_none()
    pack = db.session.execute(
        select(Pack)
        .where(Pack.product_id == of.product.id, Pack.active)
        .order_by(Pack.position, Pack.id)
        .limit(1)
    ).scalar_one_or_none()
    if lot is None or pack is None:
        return [], N_("Chưa có lô nào để in nhãn."), "/manage/lots"
    facts = (
        [_fact(N_("Nhãn của lô %(lot)s đủ các mục phải ghi"), lot=lot.code)]
        if not lacking_of(lot, pack)
        else []
    )
    return facts, N_("Nhãn còn thiếu mục phải ghi."), f"/manage/lots/{lot.id}/labels"


def _numbers(of: Subject) -> tuple[list[Fact], str, str]:
    rows = db.session.execute(
        select(Pack.gtin, Pack.gtin_kind).where(Pack.product_id == of.product.id, Pack.active)
    ).all()
    own = sum(1 for row in rows if row.gtin_kind != GtinKind.RESTRICTED)
    facts = [_fact(N_("%(count)s quy cách có mã vạch GS1 của hợp tác xã"), count=own)] if own else []
    return (
        facts,
        N_("Mã vạch đang dùng là mã nội bộ của chợ, chưa phải mã GS1 đã đăng ký."),
        "/manage/numbers",
    )


def _story(of: Subject) -> tuple[list[Fact], str, str]:
    length = len(of.product.story)
    facts = [_fact(N_("Bài kể dài %(count)s chữ"), count=length)] if length >= STORY_LEAST else []
    return facts, N_("Bài kể còn ngắn: kể ai làm, làm thế nào, khác gì."), f"/manage/products/{of.product.id}"


def _photos(of: Subject) -> tuple[list[Fact], str, str]:
    real = db.session.execute(
        select(func.count()).select_from(Photo)
        .where(Photo.product_id == of.product.id, Photo.state == PhotoState.READY, Photo.illustration.is_(None))
    ).scalar_one()  # fmt: skip
    facts = [_fact(N_("%(count)s ảnh chụp"), count=real)] if real >= PHOTOS_LEAST else []
    return (
        facts,
        N_("Cần ít nhất ba ảnh chụp thật; tranh minh hoạ không tính."),
        f"/manage/products/{of.product.id}/photos",
    )


def _papers(*kinds: CertificateKind) -> Callable[[Subject], tuple[list[Fact], str, str]]:
    def read(of: Subject) -> tuple[list[Fact], str, str]:
        rows = db.session.execute(
            select(Certificate).where(Certificate.cooperative_id == of.cooperative.id, Certificate.kind.in_(kinds),
                                      covers(of.product.id)).order_by(Certificate.id)
        ).scalars().all()  # fmt: skip
        held = [one for one in rows if is_valid_on(one.valid_from, one.valid_to, of.today)]
        facts = [_paper(one) for one in held]
        lacking = N_("Giấy đã hết hạn.") if rows and not held else N_("Chưa ghi giấy này.")
        return facts, lacking, "/manage/certificates"

    return read


def _paper(one: Certificate) -> Fact:
    if one.valid_to is None:
        return _fact(N_("%(name)s số %(number)s, không ghi hạn"), name=CERTIFICATE_NAMES[CertificateKind(one.kind)],
                     number=one.number)  # fmt: skip
    return _fact(N_("%(name)s số %(number)s, hạn tới %(day)s"), name=CERTIFICATE_NAMES[CertificateKind(one.kind)],
                 number=one.number, day=day(one.valid_to))  # fmt: skip


def _food(of: Subject) -> tuple[list[Fact], str, str]:
    kind = db.session.execute(
        select(Category.kind).where(Category.id == of.product.category_id)
    ).scalar_one_or_none()
    if kind == Kind.COSMETIC:
        number = of.product.notification_number
        facts = [_fact(N_("Số phiếu công bố mỹ phẩm %(number)s"), number=number)] if number else []
        return facts, N_("Chưa ghi số phiếu công bố mỹ phẩm."), f"/manage/products/{of.product.id}"
    return _papers(CertificateKind.FOOD_SAFETY)(of)


def _growing(of: Subject) -> tuple[list[Fact], str, str]:
    rows = db.session.execute(
        select(Certificate, func.count(CertificatePlot.plot_id))
        .outerjoin(CertificatePlot, CertificatePlot.certificate_id == Certificate.id)
        .where(Certificate.cooperative_id == of.cooperative.id, Certificate.kind == CertificateKind.GROWING_AREA)
        .group_by(Certificate.id).order_by(Certificate.id)
    ).all()  # fmt: skip
    facts = [_fact(N_("Mã số vùng trồng %(number)s, %(count)s ruộng"), number=one.number, count=count)
             for one, count in rows if is_valid_on(one.valid_from, one.valid_to, of.today)]  # fmt: skip
    return facts, N_("Chưa ghi mã số vùng trồng còn hạn."), "/manage/certificates"


def _registration(of: Subject) -> tuple[list[Fact], str, str]:
    coop = of.cooperative
    facts = [_fact(N_("Giấy đăng ký hợp tác xã số %(number)s, %(day)s"), number=coop.registration_number,
                   day=day(coop.registered_on))]  # fmt: skip
    return facts, "", "/manage/cooperative"


def _contracts(of: Subject) -> tuple[list[Fact], str, str]:
    return [], N_("Sổ của chợ không giữ hợp đồng mua nguyên liệu, hợp đồng bán buôn: thêm tệp ở dưới."), ""


def _balance(of: Subject) -> tuple[list[Fact], str, str]:
    facts = (
        []
        if mass(of.cooperative.id)
        else [_fact(N_("Phiếu cân, mẻ, lô và kho khớp nhau ngày %(day)s"), day=day(of.today))]
    )
    return facts, N_("Sổ còn chỗ lệch khối lượng."), "/manage/balance"


_QUALITY = (CertificateKind.ORGANIC, CertificateKind.VIETGAP, CertificateKind.GEOGRAPHIC)
READERS: dict[str, tuple[str, Callable[[Subject], tuple[list[Fact], str, str]]]] = {
    "local_material": (N_("Nguyên liệu của địa phương"), _local),
    "growing_area": (N_("Mã số vùng trồng"), _growing),
    "output": (N_("Sản lượng"), _output),
    "members": (N_("Thành viên, hộ liên kết"), _members),
    "terms": (N_("Quy chế chia"), _terms),
    "traceability": (N_("Truy xuất nguồn gốc"), _trace),
    "registration": (N_("Đăng ký hợp tác xã"), _registration),
    "contracts": (N_("Hợp đồng"), _contracts),
    "sales": (N_("Doanh số theo năm"), _sales),
    "reach": (N_("Nơi bán tới"), _reach),
    "label": (N_("Nhãn"), _label),
    "numbers": (N_("Mã vạch"), _numbers),
    "story": (N_("Bài kể"), _story),
    "photos": (N_("Ảnh"), _photos),
    "food_safety": (N_("An toàn thực phẩm"), _food),
    "test_report": (N_("Phiếu kiểm nghiệm"), _papers(CertificateKind.TEST_REPORT)),
    "quality_papers": (N_("Chứng nhận chất lượng"), _papers(*_QUALITY)),
    "balance": (N_("Cân đối khối lượng"), _balance),
}


def read(of: Subject) -> dict[str, Finding]:
    """Every piece of evidence by key, as the records say today."""
    found = {}
    for key, (name, reader) in READERS.items():
        facts, lacking, fill = reader(of)
        found[key] = Finding(key, name, tuple(facts), "" if facts else lacking, fill)
    return found
