"""What two cooperatives show the state: a growing-area code, a report on one lot, an OCOP dossier half gathered and one
with its stars, and a folder to send to. No money moves.

Every number is invented and says so: no official code is made up.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog.certificates import operations as papers
from catalog.certificates.operations import add_certificate
from catalog.certificates.rules import Scope
from catalog.rules import CertificateKind
from core import clock
from core.db import db
from office.connectors.operations import add_connector, post
from office.connectors.rules import Kind
from office.ocop import operations as ocop
from office.ocop.operations import Told
from office.ocop.rules import Event
from office.passports.queries import field_set, lot_document
from traceability.balance.operations import add_plot
from traceability.models import Lot, Movement, Slip
from traceability.papers.operations import name_scope

SECRET = "khoá ký minh hoạ, không phải bí mật"


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Papers first, then dossiers, then one document that waits in its outbox."""
    first, second = cast.stalls[0], cast.stalls[1]
    yield end - timedelta(days=40), Step(_growing_area, first)
    yield end - timedelta(days=20), Step(_report, first)
    yield end - timedelta(days=18), Step(_gathering, first)
    yield end - timedelta(days=16), Step(_sent, second)
    yield end - timedelta(minutes=50), Step(_letter, cast, first)


def _growing_area(stall: Stall) -> None:
    """A code of fields for everybody who weighed in the first crop; kept as a paper says it."""
    crop_id, today = stall.products[0].crop_id, clock.today()
    growers = db.session.execute(
        select(Slip.producer_id).where(Slip.cooperative_id == stall.cooperative_id, Slip.crop_id == crop_id)
        .group_by(Slip.producer_id).order_by(Slip.producer_id).limit(12)
    ).scalars().all()  # fmt: skip
    plots = [
        add_plot(stall.manager, one, crop_id, f"Ruộng số {number} (minh hoạ)", 720 + 90 * number,
                 today - timedelta(days=900)).id
        for number, one in enumerate(growers, start=1)
    ]  # fmt: skip
    paper = add_certificate(
        stall.manager, stall.cooperative_id, kind=CertificateKind.GROWING_AREA, number="MSVT (minh hoạ)",
        issuer="Cơ quan cấp mã (minh hoạ)", valid_from=today - timedelta(days=300),
        valid_to=today + timedelta(days=90), covers="Vùng trồng minh hoạ của hợp tác xã",
    )  # fmt: skip
    if plots:
        name_scope(stall.manager, paper.id, Scope.PLOTS, plot_ids=plots, covers=paper.covers)
    papers.see_original(stall.manager, paper.id, today)


def _newest(stall: Stall) -> int | None:
    """The newest lot that was packed."""
    packed = select(Movement.id).where(Movement.lot_id == Lot.id, Movement.pack_id.is_not(None)).exists()
    mine = select(Lot.id).where(Lot.cooperative_id == stall.cooperative_id, Lot.kind == "real", packed)
    return db.session.execute(mine.order_by(Lot.id.desc()).limit(1)).scalar_one_or_none()


def _report(stall: Stall) -> None:
    """A test report on one lot, renewed once so that there is a history to read."""
    lot_id, today = _newest(stall), clock.today()
    if lot_id is None:
        return
    paper = add_certificate(
        stall.manager, stall.cooperative_id, kind=CertificateKind.TEST_REPORT, number="KN-01 (minh hoạ)",
        issuer="Phòng kiểm nghiệm (minh hoạ)", valid_from=today - timedelta(days=30), valid_to=today,
    )  # fmt: skip
    papers.renew(
        stall.manager, paper.id, valid_from=today, valid_to=today + timedelta(days=180), note="Kiểm lại mẫu"
    )
    name_scope(stall.manager, paper.id, Scope.LOTS, lot_ids=[lot_id])


def _gathering(stall: Stall) -> None:
    """The first cooperative gathers for its first product, and adds what no record holds."""
    dossier = ocop.open_dossier(stall.manager, "demo-ocop-0001", stall.products[0].product_id)
    ocop.add_piece(stall.manager, dossier.id, "demo-piece-001", "A5",
                   "Hợp đồng mua nguyên liệu với các hộ liên kết, ký đầu vụ (minh hoạ).")  # fmt: skip


def _sent(stall: Stall) -> None:
    """The second sent its dossier and waits."""
    dossier = ocop.open_dossier(stall.manager, "demo-ocop-0002", stall.products[0].product_id)
    told = Told(clock.today(), "UBND xã (minh hoạ)", "Nộp tại bộ phận một cửa")
    ocop.record(stall.manager, dossier.id, "demo-sent-0001", Event.SENT, told)


def _letter(cast: Cast, stall: Stall) -> None:
    """A folder for everybody, and one lot's data on its way into it."""
    place = add_connector(cast.administrator, "demo-connector-1", Kind.FILE, "Thư mục gửi cơ quan (minh hoạ)",
                          "co-quan-minh-hoa", SECRET)  # fmt: skip
    lot_id = _newest(stall)
    if lot_id is not None:
        document = lot_document(stall.cooperative_id, lot_id, field_set("tt02-2024"))
        code = document["records"][0]["subject"].split(":")[1]
        post(stall.manager, "demo-letter-0001", place.id, f"Lô {code}, Thông tư 02/2024 (minh hoạ)", document)
