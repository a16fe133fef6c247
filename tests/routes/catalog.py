"""Who may open the pages of goods."""

from datetime import date

from accounts.rules import SYSTEM, Role
from catalog.certificates.operations import add_certificate
from catalog.rules import CertificateKind
from core import files
from core.db import transaction
from tests.routes.row import Row

MANAGER, ADMIN = frozenset({Role.MANAGER}), frozenset({Role.ADMINISTRATOR})


def _product(w):
    return {"product_id": w.product.id}


def _other(w):
    return {"product_id": w.other_product.id}


def _scan(cooperative):
    with transaction():
        scan = files.put(b"%PDF-1.7", ".pdf")
        made = add_certificate(SYSTEM, cooperative.id, kind=CertificateKind.VIETGAP, number="7", issuer="Chi cục",
                               valid_from=date(2026, 1, 1), valid_to=None, scan=scan)  # fmt: skip
        return {"certificate_id": made.id}


ROWS = [
    Row("catalog.products", MANAGER),
    Row(
        "catalog.new_product",
        MANAGER,
        post=lambda w: {"key": "route-matrix-1", "name": "Nháp"},
        methods=("GET", "POST"),
    ),
    Row("catalog.edit_product", MANAGER, own=_product, foreign=_other, methods=("GET", "POST")),
    Row(
        "catalog.withdraw",
        MANAGER,
        own=_product,
        foreign=_other,
        post=lambda w: {},
        page=False,
        methods=("POST",),
    ),
    Row(
        "catalog.certificates",
        MANAGER,
        methods=("GET", "POST"),
        post=lambda w: {"kind": "ocop", "number": "12", "issuer": "UBND tỉnh", "valid_from": "2026-01-01"},
    ),
    Row(
        "catalog.certificate_scan",
        MANAGER,
        own=lambda w: _scan(w.coop),
        foreign=lambda w: _scan(w.other_coop),
        page=False,
    ),
    Row("catalog.held", ADMIN),
    Row("catalog.approve", ADMIN, own=_product, post=lambda w: {}, page=False, methods=("POST",)),
    Row(
        "catalog.reject",
        ADMIN,
        own=_product,
        post=lambda w: {"reason": "Bỏ chữ chữa bệnh"},
        page=False,
        methods=("POST",),
    ),
]
