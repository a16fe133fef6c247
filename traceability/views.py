"""Pages of traceability, gathered from its subpackages."""

from importlib import import_module
from importlib.util import find_spec

from accounts.menu import Link
from accounts.rules import Role
from core.i18n import N_
from traceability.batches.views import bp as batches
from traceability.lots.views import bp as lots
from traceability.slips.views import READERS
from traceability.slips.views import bp as slips

MANAGER = frozenset({Role.MANAGER})
BLUEPRINTS = [slips, batches, lots]
CSRF_EXEMPT: list[object] = []
LINKS = [
    Link(
        "trace_slips.slips", N_("Phiếu cân"), "scale", N_("Hàng bà con giao, theo ngày"), frozenset(READERS)
    ),
    Link("trace_batches.batches", N_("Mẻ làm"), "leaf", N_("Phiếu cân vào mẻ, mẻ ra lô"), frozenset(READERS)),
    Link("trace_lots.lots", N_("Lô hàng"), "qr", N_("Đóng gói, tem, nguồn gốc từng lô"), frozenset(READERS)),
    Link("trace_lots.stock_page", N_("Kho"), "box", N_("Còn gì, sắp hết hạn gì"), frozenset(READERS)),
    Link("trace_batches.recipes", N_("Công thức"), "list", N_("100 kg đầu vào ra bao nhiêu"), MANAGER),
    Link("trace_slips.crops", N_("Cây và nguyên liệu"), "leaf", N_("Những thứ đem ra cân"), MANAGER),
]
for _noun in ("labels", "epcis", "log", "numbers", "papers"):
    if find_spec(f"traceability.{_noun}") and find_spec(f"traceability.{_noun}.views"):
        _pages = import_module(f"traceability.{_noun}.views")
        BLUEPRINTS += getattr(_pages, "BLUEPRINTS", [])
        LINKS += getattr(_pages, "LINKS", [])
        CSRF_EXEMPT += getattr(_pages, "CSRF_EXEMPT", [])
