"""Settlement terms as everybody can read them: numbered sentences, in the language of the reader."""

from dataclasses import dataclass

from cooperatives.rules import Terms, percent_text
from cooperatives.terms.rules import Clause, ClauseKind, Per
from core.format import vnd
from core.i18n import N_, _

FUND_WORDS: dict[str, str] = {
    "development": N_("quỹ đầu tư phát triển"),
    "reserve": N_("quỹ dự phòng"),
    "indivisible": N_("quỹ chung không chia"),
}


@dataclass(frozen=True)
class Sentence:
    """One article: what it is about, and what it says. key: as a posting of the ledger names it."""

    key: str
    title: str
    text: str


def sentences(terms: Terms) -> list[Sentence]:
    """The terms as articles, in the order in which money is divided."""
    return [_whose(terms), _advance(terms), *_shares(terms), *_clauses(terms), *_promises(terms)]


def _rate(rate_bp: int) -> str:
    return f"{percent_text(rate_bp)} %"


def _whose(terms: Terms) -> Sentence:
    text = (
        _("Hợp tác xã mua đứt theo giá ghi trên phiếu cân. Bán được bao nhiêu là của hợp tác xã.")
        if terms.buying == "outright"
        else _("Hợp tác xã bán hộ bà con. Bán được rồi mới chia, theo các điều dưới đây.")
    )
    return Sentence("buying", _("Hàng của ai"), text + " " + _("Mẻ nào làm khác thì ghi ở mẻ đó."))


def _advance(terms: Terms) -> Sentence:
    text = (
        _("Lúc cân, hợp tác xã ứng trước nhiều nhất %(rate)s giá trị phiếu.", rate=_rate(terms.advance_bp))
        if terms.advance_bp
        else _("Lúc cân chưa ứng tiền.")
    )
    netted = _("Tiền ứng trừ vào phần được chia, phiếu cũ trừ trước.")
    return Sentence("advance", _("Tiền ứng"), f"{text} {netted}")


def _shares(terms: Terms) -> list[Sentence]:
    first, second, third = (_rate(terms.grade_factors_bp.get(grade, 10_000)) for grade in "123")
    return [
        Sentence(
            "producers", _("Phần bà con"),
            _("%(rate)s tiền hàng, không tính phí gửi, chia cho các nhà có hàng trong lô, theo cân nặng nhân hệ số: "
              "loại 1 là %(first)s, loại 2 là %(second)s, loại 3 là %(third)s.",
              rate=_rate(terms.producers_bp), first=first, second=second, third=third),
        ),
        Sentence(
            "processing", _("Phần chế biến, đóng gói"),
            _("%(rate)s tiền hàng. Tiền công, chi phí và phí chợ dưới đây đều lấy từ phần này, không lấy của bà con.",
              rate=_rate(terms.processing_bp)),
        ),
        Sentence("fund", _("Phần vào quỹ"), _fund(terms)),
    ]  # fmt: skip


def _fund(terms: Terms) -> str:
    parts = [
        _("%(rate)s vào %(fund)s", rate=_rate(one.rate_bp), fund=_(FUND_WORDS[one.name]))
        for one in terms.clauses
        if one.kind == ClauseKind.FUND
    ]
    text = _("%(rate)s tiền hàng.", rate=_rate(terms.fund_bp))
    return text + " " + _("Trong đó %(parts)s.", parts=", ".join(parts)) if parts else text


def _clauses(terms: Terms) -> list[Sentence]:
    return [
        Sentence(f"{one.kind}:{number}", _title(one), _clause(one))
        for number, one in enumerate(terms.clauses, 1)
        if one.kind != ClauseKind.FUND
    ]


def _title(clause: Clause) -> str:
    if clause.kind == ClauseKind.PLATFORM:
        return _("Phí chợ")
    return _("Tiền công") if clause.kind == ClauseKind.LABOUR else _("Chi phí: %(name)s", name=clause.name)


def _clause(clause: Clause) -> str:
    if clause.per == Per.HOUR:
        return _("%(amount)s một giờ làm của mẻ, trả cho người có giờ công ghi ở mẻ, chia dần theo số hàng bán được.",
                 amount=vnd(clause.amount_vnd))  # fmt: skip
    if clause.per == Per.KG:
        if clause.kind == ClauseKind.LABOUR:
            return _("%(amount)s một ki-lô-gam hàng bán được. Có giờ công ghi ở mẻ thì chia theo giờ.",
                     amount=vnd(clause.amount_vnd))  # fmt: skip
        return _("%(amount)s một ki-lô-gam hàng bán được.", amount=vnd(clause.amount_vnd))
    return _("%(rate)s tiền hàng.", rate=_rate(clause.rate_bp))


def _promises(terms: Terms) -> list[Sentence]:
    found = []
    if terms.guaranteed_price:
        found.append(
            Sentence("guarantee", _("Giá cam kết"),
                     _("Bán hết lô mà phần được chia ít hơn giá ghi trên phiếu thì hợp tác xã bù cho đủ."))
        )  # fmt: skip
    recall = (
        _("Hàng bị thu hồi thì hợp tác xã chịu, phần đã chia giữ nguyên.")
        if terms.recall_borne_by == "cooperative"
        else _("Hàng bị thu hồi thì các nhà của lô đó cùng chịu.")
    )
    found.append(Sentence("recall", _("Thu hồi hàng"), recall))
    internal = (
        _(
            "Thành viên đã ký thoả thuận: hàng của thành viên ghi là giao dịch nội bộ, của hộ liên kết là bên ngoài."
        )
        if terms.member_agreement
        else _("Chưa có thoả thuận bằng văn bản với thành viên: mọi giao dịch ghi là bên ngoài.")
    )
    found.append(Sentence("internal", _("Nội bộ và bên ngoài"), internal))
    tax = (
        _(
            "Giữ lại thuế trong phần của từng nhà để nộp thay, theo quy định của ngày giao. Mức này chưa kiểm chứng."
        )
        if terms.withholds_tax
        else _("Hợp tác xã không giữ lại thuế của bà con.")
    )
    found.append(Sentence("tax", _("Thuế"), tax))
    return found
