"""Who may open a paper's page: the managers of its cooperative."""

from datetime import date

from accounts.rules import SYSTEM, Role
from catalog.certificates.operations import add_certificate
from catalog.rules import CertificateKind
from core.db import transaction
from tests.routes.row import Row

MANAGER = frozenset({Role.MANAGER})


def _paper(cooperative):
    with transaction():
        made = add_certificate(SYSTEM, cooperative.id, kind=CertificateKind.ORGANIC, number="HC-1", issuer="Chi cục",
                               valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1))  # fmt: skip
        return {"certificate_id": made.id}


def _row(name, post):
    return Row(f"papers.{name}", MANAGER, own=lambda w: _paper(w.coop), foreign=lambda w: _paper(w.other_coop),
               post=lambda w: post, page=False, methods=("POST",))  # fmt: skip


ROWS = [
    Row("papers.see", MANAGER, own=lambda w: _paper(w.coop), foreign=lambda w: _paper(w.other_coop)),
    _row("scope", {"key": "route-paper-1", "scope": "goods"}),
    _row("renew", {"key": "route-paper-2", "valid_from": "2027-01-01", "valid_to": "2028-01-01"}),
    _row("seen", {"key": "route-paper-3", "seen_on": "2026-11-20"}),
    _row("withdraw", {"key": "route-paper-4", "on": "2026-11-20", "why": "Thu lại"}),
]
