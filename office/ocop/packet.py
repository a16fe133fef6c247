"""The dossier as one ZIP: the paper, a list of the evidence, the tables behind it, and every file."""

from sqlalchemy import select

from catalog.certificates.queries import covers
from catalog.models import Certificate, Photo
from catalog.rules import CERTIFICATE_NAMES, CertificateKind, PhotoState, is_valid_on
from core import files
from core.db import db
from office.ocop.drawing import MARKS, draw
from office.ocop.evidence import YEARS
from office.ocop.queries import Seen
from office.records.sheets import bundle, sheet
from revenue.queries import sales_by_month

PHOTOS_MOST, FILES_MOST = 12, 60


def packet(found: Seen, *, demo: bool) -> bytes:
    """The ZIP's bytes. It holds no name of a person, no household and no weight of a slip."""
    parts: dict[str, bytes] = {"ho-so.pdf": draw(found, demo=demo)}
    listed: list[tuple[object, ...]] = []
    for row in found.rows:
        for finding in row.findings:
            said = "; ".join(fact.vietnamese for fact in finding.facts)
            listed.append((row.criterion.code, row.criterion.name, MARKS[row.answer], finding.name,
                           said or finding.lacking, ""))  # fmt: skip
        for piece in row.pieces:
            name = _kept(parts, f"tep/{row.criterion.code}-{piece.id}", piece.file)
            listed.append(
                (row.criterion.code, row.criterion.name, MARKS[row.answer], "Thêm tay", piece.note, name)
            )
    for paper in _papers(found):
        name = _kept(parts, f"giay-to/{paper.kind}-{paper.id}", paper.scan)
        held = "còn hạn" if is_valid_on(paper.valid_from, paper.valid_to, found.on) else "không còn hạn"
        listed.append(("", "", "", CERTIFICATE_NAMES[CertificateKind(paper.kind)],
                       f"số {paper.number}, {paper.issuer}, {held}", name))  # fmt: skip
    for place, file in enumerate(_photos(found), start=1):
        name = _kept(parts, f"anh/{place:02}", file)
        listed.append(("", "", "", "Ảnh", "", name))
    heads = ("ma_tieu_chi", "tieu_chi", "muc_do", "bang_chung", "noi_dung", "tep")
    parts["danh-sach-bang-chung.csv"] = sheet(heads, listed)
    parts["doanh-so.csv"] = _sales(found)
    parts["DOC-TOI.txt"] = _notice(found, demo=demo)
    return bundle(parts)


def _kept(parts: dict[str, bytes], name: str, file: str | None) -> str:
    if file is None or len(parts) >= FILES_MOST:
        return ""
    full = f"{name}.{file.rpartition('.')[2]}"
    parts[full] = files.read(file)
    return full


def _papers(found: Seen) -> list[Certificate]:
    wanted = select(Certificate).where(
        Certificate.cooperative_id == found.cooperative.id, covers(found.product.id)
    )
    return list(db.session.execute(wanted.order_by(Certificate.id)).scalars())


def _photos(found: Seen) -> list[str]:
    wanted = select(Photo.file_jpeg).where(
        Photo.product_id == found.product.id, Photo.state == PhotoState.READY, Photo.file_jpeg.is_not(None)
    )
    return [
        one for one in db.session.execute(wanted.order_by(Photo.position).limit(PHOTOS_MOST)).scalars() if one
    ]


def _sales(found: Seen) -> bytes:
    first = found.on.replace(year=found.on.year - YEARS + 1, month=1, day=1)
    rows = sales_by_month(first, found.on, found.cooperative.organisation_id)
    return sheet(("nam", "thang", "tien_hang_vnd", "ve_nguoi_lam_ra_vnd"),
                 [(row.year, row.month, row.goods_vnd, row.producers_vnd) for row in rows
                  if row.product_id == found.product.id])  # fmt: skip


def _notice(found: Seen, *, demo: bool) -> bytes:
    lines = [
        f"Hồ sơ OCOP của {found.product.name}, {found.cooperative.name}.", found.criteria.source,
        "Tiền: đồng, số nguyên. Không có tên người, tên hộ, số cân của từng phiếu.",
        "Dữ liệu minh hoạ." if demo else "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line).encode()
