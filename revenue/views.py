"""Pages of money for a cooperative's staff, and each producer's own statement."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.menu import Link
from accounts.rules import Role
from cooperatives import queries as cooperatives
from cooperatives.models import Producer
from core import clock
from core.db import transaction
from core.errors import NotFound
from core.i18n import N_, _
from orders import queries as orders
from revenue import operations, queries
from revenue.closing.views import bp as closing
from revenue.collector.views import LINKS as COLLECTOR_LINKS
from revenue.collector.views import bp as collected
from revenue.dealings.views import bp as dealings
from revenue.disputes.queries import of_producer, waiting_count
from revenue.disputes.views import bp as disputes
from revenue.forms import DeliverForm, MoveForm, OpenForm, PayForm, ReverseForm
from revenue.mirror.views import bp as mirror
from revenue.payouts.queries import fate
from revenue.payouts.views import bp as confirmations
from revenue.rules import REVERSIBLE, AccountKind, Line, PayMethod
from revenue.slips.views import bp as weighing
from revenue.statements.queries import PAPER, Pages, number_of
from revenue.statements.views import bp as papers
from revenue.subsidies.views import bp as claims
from revenue.tax.views import bp as tax
from revenue.terms.views import bp as terms_at_work
from revenue.treasury.views import bp as treasury
from revenue.words import ACCOUNT_WORDS, COMPONENT_WORDS, DEAL_WORDS, ENTRY_WORDS, rule_words, subject_words

bp = Blueprint("revenue", __name__)
BLUEPRINTS = [
    bp, weighing, claims, collected, confirmations, papers,
    disputes, closing, treasury, dealings, tax, terms_at_work, mirror,
]  # fmt: skip
STAFF = (Role.MANAGER, Role.TREASURER)
SHOWN_KINDS = (
    AccountKind.BANK, AccountKind.CASH, AccountKind.COD_RECEIVABLE, AccountKind.SUSPENSE, AccountKind.BUYER_PREPAYMENT,
    AccountKind.REFUND_DUE, AccountKind.SUBSIDY_RECEIVABLE, AccountKind.DUE_FROM_COLLECTOR,
    AccountKind.REMITTANCE_COMING, AccountKind.CARRIER_CLAIM, AccountKind.MARKET_RECEIVABLE,
)  # fmt: skip
LINKS = [
    Link(
        "revenue.my_statements",
        N_("Bảng kê nhà mình"),
        "money",
        N_("Đã giao, đã ứng, được chia, còn nợ, đã nhận"),
    ),
    *COLLECTOR_LINKS,
]


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"ENTRY_WORDS": ENTRY_WORDS, "ACCOUNT_WORDS": ACCOUNT_WORDS, "COMPONENT_WORDS": COMPONENT_WORDS,
            "DEAL_WORDS": DEAL_WORDS, "rule_words": rule_words, "subject_words": subject_words}  # fmt: skip


def _pages() -> Pages:
    """Which page of slips, sales and payouts is asked for."""
    asked = {name: request.args.get(name, 1, type=int) for name in ("slips", "sales", "paid")}
    return Pages(**{name: min(max(1, page), 100_000) for name, page in asked.items()})


def _own() -> int:
    """The organisation of the role worn now, which is a cooperative."""
    return int(cooperatives.of_organisation(actor().organisation_id).organisation_id or 0)


def _producer(producer_id: int) -> Producer:
    """A producer of the own cooperative. Another's is answered like none."""
    found = cooperatives.producer(producer_id)
    if cooperatives.cooperative(found.cooperative_id).organisation_id != _own():
        raise NotFound(N_("Không có người này trong sổ."), remedy=N_("Chọn lại trong danh sách."))
    return found


@bp.get("/manage/money")
@roles(*STAFF)
def money() -> ResponseReturnValue:
    """What came in this week, what lies where, and whom it is owed to."""
    own = _own()
    owed, balances = queries.owed(own), queries.balances(own, SHOWN_KINDS)
    views = cooperatives.producer_views([one.producer_id for one in owed])
    return render_template(
        "revenue/money.html", week=queries.money_week(own), balances=balances, views=views,
        owed=[one for one in owed if one.owed_vnd > 0], others=[one for one in owed if one.owed_vnd <= 0],
        owed_vnd=sum(one.owed_vnd for one in owed if one.owed_vnd > 0), asking=waiting_count(own),
    )  # fmt: skip


@bp.route("/manage/money/producers/<int:producer_id>", methods=["GET", "POST"])
@roles(*STAFF)
def producer(producer_id: int) -> ResponseReturnValue:
    """One producer's statement, and the form that pays her."""
    own, form = _own(), PayForm()
    who = _producer(producer_id)
    paid: list[int] = []

    def save() -> None:
        with transaction():
            made = operations.pay_producer(actor(), producer_id, form.amount_vnd.data, form.method.data, form.key.data,
                                           reference=form.reference.data or "")  # fmt: skip
            paid.append(made.id)

    if form.validate_on_submit() and form.accepts(save):
        return redirect(url_for("revenue.payout", payout_id=paid[0]))
    seen = queries.statement(own, who.id, _pages())
    if not form.is_submitted():
        form.amount_vnd.data = seen.owed_vnd
    return render_template(
        "revenue/producer.html", form=form, seen=seen, who=cooperatives.producer_view(producer_id),
        balances=queries.balances(own, (AccountKind.BANK, AccountKind.CASH)),
    ), 422 if form.is_submitted() else 200  # fmt: skip


@bp.get("/manage/money/producers/<int:producer_id>/print")
@roles(*STAFF)
def print_statement(producer_id: int) -> ResponseReturnValue:
    """A numbered statement on paper, for a household without a phone."""
    _producer(producer_id)
    return _paper(producer_id, url_for("revenue.producer", producer_id=producer_id))


def _paper(producer_id: int, back: str) -> str:
    who = cooperatives.producer_view(producer_id)
    coop = cooperatives.cooperative(cooperatives.producer(producer_id).cooperative_id)
    seen = queries.statement(coop.organisation_id or 0, producer_id, Pages(size=PAPER))
    number = number_of(producer_id, clock.today(), seen.upto_seq)
    return render_template("revenue/print.html", seen=seen, who=who, coop=coop, number=number, back=back)


@bp.get("/manage/money/payouts/<int:payout_id>")
@roles(*STAFF)
def payout(payout_id: int) -> ResponseReturnValue:
    """The receipt of one payment to a producer."""
    paid = queries.payout_of(_own(), payout_id)
    return render_template("revenue/payout.html", paid=paid, fate=fate(paid),
                           who=cooperatives.producer_view(paid.producer_id))  # fmt: skip


@bp.route("/manage/money/open", methods=["GET", "POST"])
@roles(*STAFF)
def open_books() -> ResponseReturnValue:
    """Opening balances."""
    form = OpenForm()

    def save() -> None:
        with transaction():
            operations.open_books(
                actor(), form.bank_vnd.data or 0, form.cash_vnd.data or 0, key=form.key.data
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi số dư đầu kỳ."))
        return redirect(url_for("revenue.money"))
    return render_template("revenue/open.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/manage/money/move", methods=["GET", "POST"])
@roles(*STAFF)
def move() -> ResponseReturnValue:
    """Cash drawn from the bank, or paid in."""
    form = MoveForm()

    def save() -> None:
        with transaction():
            operations.move_money(
                actor(), PayMethod(form.source.data), form.amount_vnd.data, key=form.key.data
            )

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi chuyển tiền."))
        return redirect(url_for("revenue.money"))
    balances = queries.balances(_own(), (AccountKind.BANK, AccountKind.CASH))
    return render_template(
        "revenue/move.html", form=form, balances=balances
    ), 422 if form.is_submitted() else 200


@bp.get("/manage/money/entries")
@roles(*STAFF)
def entries() -> ResponseReturnValue:
    """The journal as an auditor reads it, each entry with its hash."""
    asked = request.args.get("page", "1")
    page = int(asked) if asked.isdigit() and len(asked) < 9 else 1
    return render_template("revenue/entries.html", journal=queries.journal(_own(), page))


@bp.get("/manage/money/entries/<int:entry_id>")
@roles(*STAFF)
def entry(entry_id: int) -> ResponseReturnValue:
    """One entry with its lines."""
    own = _own()
    row = queries.entry_of(own, entry_id)
    lines = queries.lines_of(entry_id)
    undone = queries.posted(own, f"reverse:{entry_id}")
    return render_template("revenue/entry.html", entry=row, lines=lines, undone=undone, **_named(lines),
                           debit_vnd=sum(line.amount_vnd for line in lines if line.amount_vnd > 0),
                           reversible=row.kind in REVERSIBLE and undone is None)  # fmt: skip


def _named(lines: list[Line]) -> dict[str, object]:
    """What people call the producers, orders and slips of an entry's lines."""
    ids = {line.producer_id for line in lines if line.producer_id}
    return {"names": cooperatives.producer_names(ids), "subjects": queries.subject_names(lines)}


@bp.route("/manage/money/entries/<int:entry_id>/reverse", methods=["GET", "POST"])
@roles(*STAFF)
def reverse(entry_id: int) -> ResponseReturnValue:
    """Undo a mistake by its mirror image."""
    form, row = ReverseForm(), queries.entry_of(_own(), entry_id)

    def save() -> None:
        with transaction():
            operations.reverse(actor(), entry_id, form.reason.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã đảo bút toán %(seq)s.", seq=row.seq))
        return redirect(url_for("revenue.entry", entry_id=entry_id))
    lines = queries.lines_of(entry_id)
    return render_template(
        "revenue/reverse.html", form=form, entry=row, lines=lines, **_named(lines)
    ), 422 if form.is_submitted() else 200


@bp.route("/manage/orders/<int:order_id>/delivered", methods=["GET", "POST"])
@roles(*STAFF)
def delivered(order_id: int) -> ResponseReturnValue:
    """The buyer has the goods: the sale is shared."""
    form, row = DeliverForm(), orders.order_for(order_id, actor().organisation_id)

    def save() -> None:
        with transaction():
            operations.deliver(actor(), order_id)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đơn %(code)s đã giao. Tiền đã chia.", code=row.code))
        return redirect(url_for("orders.order", order_id=order_id))
    return render_template(
        "revenue/delivered.html", form=form, order=row
    ), 422 if form.is_submitted() else 200


def _mine(producer_id: int) -> Producer:
    """A producer row of the signed-in person or of her household."""
    for one in cooperatives.producers_of_user(actor().user_id or 0):
        if one.id == producer_id:
            return one
    raise NotFound(N_("Không có bảng kê này."), remedy=N_("Mở lại từ trang Tôi."))


@bp.get("/me/statement")
@signed_in
def my_statements() -> ResponseReturnValue:
    """The own statement; a choice of cooperatives where there are several."""
    mine = cooperatives.producers_of_user(actor().user_id or 0)
    if len(mine) == 1:
        return redirect(url_for("revenue.my_statement", producer_id=mine[0].id))
    names = {one.id: cooperatives.cooperative(one.cooperative_id).name for one in mine}
    return render_template("revenue/my_statements.html", mine=mine, names=names)


@bp.get("/me/statement/<int:producer_id>")
@signed_in
def my_statement(producer_id: int) -> ResponseReturnValue:
    """Delivered, advanced, earned, owed, paid: one's own figures on a phone."""
    one = _mine(producer_id)
    coop = cooperatives.cooperative(one.cooperative_id)
    seen = queries.statement(coop.organisation_id or 0, one.id, _pages())
    return render_template(
        "revenue/my_statement.html", seen=seen, coop=coop, who=cooperatives.producer_view(one.id),
        disputes=of_producer(one.id),
    )  # fmt: skip


@bp.get("/me/statement/<int:producer_id>/print")
@signed_in
def my_print(producer_id: int) -> ResponseReturnValue:
    """The same on paper, numbered."""
    _mine(producer_id)
    return _paper(producer_id, url_for("revenue.my_statement", producer_id=producer_id))
