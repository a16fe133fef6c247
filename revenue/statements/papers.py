"""What a statement's paper says, put together in Vietnamese from the statement and its household."""

import segno
from flask import current_app
from flask_babel import force_locale

from cooperatives.queries import cooperative, producer, producer_view
from core import clock
from core.format import day, vnd, weight
from core.i18n import _
from core.numerals import spoken_vnd
from revenue.statements.drawing import Sheet, Table
from revenue.statements.queries import PAPER, Pages, Statement, statement
from revenue.statements.rules import grouped
from revenue.words import ENTRY_WORDS


def address_of(number: str) -> str:
    """What the code says: where anybody can ask about a paper. Nothing in it but the random number."""
    return f"{current_app.config['BASE_URL']}/verify/{number}"


def matrix_of(number: str) -> tuple[tuple[bool, ...], ...]:
    """The code of a paper as rows of dark modules."""
    code = segno.make(address_of(number), error="m", micro=False)
    return tuple(tuple(bool(cell) for cell in row) for row in code.matrix)


def steady(organisation_id: int, producer_id: int) -> Statement:
    """A statement of which no entry came between its queries: read again while the book grows."""
    pages = Pages(size=PAPER)
    seen = statement(organisation_id, producer_id, pages)
    for _again in range(3):
        again = statement(organisation_id, producer_id, pages)
        if again.upto_seq == seen.upto_seq:
            break
        seen = again
    return seen


def sheet(seen: Statement, number: str) -> Sheet:
    """The paper of a statement, in Vietnamese whatever the page's language."""
    with force_locale("vi"):
        return _sheet(seen, number)


def _sheet(seen: Statement, number: str) -> Sheet:
    who = producer_view(seen.producer_id)
    coop = cooperative(producer(seen.producer_id).cooperative_id)
    sums = [
        (_("Được chia từ hàng đã bán"), vnd(seen.earned_vnd + seen.withheld_vnd)),
        (_("Thuế giữ lại để nộp"), vnd(-seen.withheld_vnd)) if seen.withheld_vnd else None,
        (_("Đã ứng lúc cân"), vnd(-seen.advanced_vnd)) if seen.advanced_vnd else None,
        (_("Phần ứng cho hàng chưa bán"), vnd(seen.open_advance_vnd)) if seen.open_advance_vnd else None,
        (_("Để lần chia sau mới trừ"), vnd(seen.debt_vnd)) if seen.debt_vnd else None,
        (_("Đã nhận"), vnd(-seen.paid_vnd)),
        (_("Hợp tác xã còn nợ nhà này"), vnd(seen.owed_vnd)),
    ]
    return Sheet(
        title=_("Bảng kê"), number=grouped(number),
        lines=(coop.name, _("Số %(number)s", number=grouped(number)), f"{who.name}, {who.village}", who.place,
               _("Tính đến %(day)s", day=day(clock.today()))),
        warning=_("Dữ liệu minh hoạ: bảng kê này không có giá trị.") if current_app.config["DEMO"] else "",
        sums=tuple(one for one in sums if one), words=_("Bằng chữ: %(words)s.", words=spoken_vnd(seen.owed_vnd)),
        tables=_tables(seen),
        foot=(_("Tính đến bút toán số %(seq)s của sổ cái, mã %(hash)s.", seq=seen.upto_seq, hash=seen.upto_hash[:16]),),
        scan=_("Ai quét mã này cũng biết bảng kê là thật, đã huỷ hay đã thay. Mã không chứa tên và số tiền."),
        matrix=matrix_of(number), signers=(_("Người lập"), _("Nhà đã xem và đồng ý")), at=clock.now(),
    )  # fmt: skip


def _tables(seen: Statement) -> tuple[Table, ...]:
    def rest(count: int) -> str:
        more = count > PAPER or any(pages > 1 for pages in seen.page_counts.values() if count == PAPER)
        return _("Chỉ in %(most)s dòng mới nhất; các tổng ở trên tính tất cả.", most=PAPER) if more else ""

    return (
        Table(_("Đã giao theo tháng"), (_("Tháng"), _("Cây"), _("Cân nặng")), (0.2, 0.5, 0.3),
              [(f"{one.month:%m/%Y}", one.crop, weight(one.net_g)) for one in seen.by_month]),
        Table(_("Từng lần giao"), (_("Phiếu"), _("Ngày"), _("Cây"), _("Giá một ki-lô-gam"), _("Cân nặng")),
              (0.2, 0.15, 0.28, 0.2, 0.17),
              [(one.number, day(one.on), f"{one.crop} {one.grade}" + (f" ({_('đã bỏ')})" if one.void else ""),
                vnd(one.price_vnd_per_kg), weight(one.net_g)) for one in seen.deliveries],
              rest(seen.delivered_count)),
        Table(_("Từng lần được chia"), (_("Ngày"), _("Việc"), _("Đơn"), _("Lô"), _("Số tiền")),
              (0.15, 0.3, 0.18, 0.19, 0.18),
              [(day(one.on), _(ENTRY_WORDS.get(one.kind, one.kind)), one.order_code, one.lot_code,
                vnd(one.amount_vnd)) for one in seen.earnings], rest(len(seen.earnings))),
        Table(_("Từng lần nhận tiền"), (_("Ngày"), _("Số"), _("Cách trả"), _("Số tiền")), (0.2, 0.25, 0.35, 0.2),
              [(day(one.on), one.number, _how(one), vnd(one.amount_vnd)) for one in seen.payments],
              rest(len(seen.payments))),
    )  # fmt: skip


def _how(one: object) -> str:
    said = _("Tiền mặt") if getattr(one, "method", "") == "cash" else _("Chuyển khoản")
    fate = {
        "undone": _("đã đảo"), "returned": _("ngân hàng trả lại"), "unconfirmed": _("nhà chưa xác nhận"),
    }  # fmt: skip
    return f"{said}" + "".join(f", {text}" for name, text in fate.items() if getattr(one, name, False))
