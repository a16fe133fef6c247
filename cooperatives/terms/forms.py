"""The form in which terms are written, and the button that publishes them."""

from datetime import date

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from cooperatives.forms import PercentField, TermsForm
from cooperatives.rules import GRADES, Terms
from cooperatives.terms.rules import Clause, ClauseKind, Per
from core.forms import Form, VndField
from core.i18n import _l

FEES = (1, 2)


class DraftForm(TermsForm):
    """How a sale is shared from a day on, with everything that may be agreed besides the three shares."""

    buying = RadioField(
        _l("Hàng bà con mang tới"),
        choices=[
            SelectChoice("consigned", _l("Bán hộ: bán được rồi chia")),
            SelectChoice("outright", _l("Mua đứt: trả theo giá phiếu cân")),
        ],
        default="consigned",
    )
    advance = PercentField(_l("Ứng lúc cân nhiều nhất"), [Optional()])
    platform = PercentField(_l("Phí chợ"), [Optional()])
    labour_kg = VndField(_l("Tiền công một ki-lô-gam bán được"), [Optional()])
    labour_hour = VndField(_l("Tiền công một giờ"), [Optional()])
    fee_1_name = StringField(_l("Tên chi phí"), [Optional(), Length(max=60)])
    fee_1 = PercentField(_l("Phần trăm tiền hàng"), [Optional()])
    fee_1_kg = VndField(_l("Hoặc số tiền một ki-lô-gam"), [Optional()])
    fee_2_name = StringField(_l("Tên chi phí thứ hai"), [Optional(), Length(max=60)])
    fee_2 = PercentField(_l("Phần trăm tiền hàng"), [Optional()])
    fee_2_kg = VndField(_l("Hoặc số tiền một ki-lô-gam"), [Optional()])
    fund_development = PercentField(_l("Quỹ đầu tư phát triển"), [Optional()])
    fund_reserve = PercentField(_l("Quỹ dự phòng"), [Optional()])
    fund_indivisible = PercentField(_l("Quỹ chung không chia"), [Optional()])
    member_agreement = BooleanField(
        _l("Thành viên đã ký thoả thuận bằng văn bản với hợp tác xã"), default=True
    )
    withholds_tax = BooleanField(_l("Giữ lại thuế của từng nhà để nộp thay"))

    def terms(self) -> Terms:
        """The answers as terms."""
        return Terms(
            from_on=self.from_on.data or date.min, producers_bp=self.producers.data,
            processing_bp=self.processing.data, fund_bp=self.fund.data,
            grade_factors_bp={grade: self[f"grade_{grade}"].data for grade in GRADES},
            guaranteed_price=self.guaranteed_price.data, recall_borne_by=self.recall_borne_by.data,
            clauses=tuple(self._clauses()), buying=self.buying.data or "consigned",
            member_agreement=self.member_agreement.data, withholds_tax=self.withholds_tax.data,
            advance_bp=10_000 if self.advance.data is None else self.advance.data,
        )  # fmt: skip

    def _clauses(self) -> list[Clause]:
        found = []
        if self.platform.data:
            found.append(Clause(ClauseKind.PLATFORM, Per.RATE, rate_bp=self.platform.data))
        for per, field in ((Per.KG, self.labour_kg), (Per.HOUR, self.labour_hour)):
            if field.data:
                found.append(Clause(ClauseKind.LABOUR, per, amount_vnd=field.data))
        for number in FEES:
            name = (self[f"fee_{number}_name"].data or "").strip()
            rate, amount = self[f"fee_{number}"].data, self[f"fee_{number}_kg"].data
            if rate:
                found.append(Clause(ClauseKind.FEE, Per.RATE, rate_bp=rate, name=name))
            if amount or (name and not rate):
                found.append(Clause(ClauseKind.FEE, Per.KG, amount_vnd=amount or 0, name=name))
        for fund in ("development", "reserve", "indivisible"):
            if rate := self[f"fund_{fund}"].data:
                found.append(Clause(ClauseKind.FUND, Per.RATE, rate_bp=rate, name=fund))
        return found


def filled(terms: Terms) -> dict[str, object]:
    """What the form shows first: terms as its answers."""
    said: dict[str, object] = {
        "from_on": terms.from_on, "producers": terms.producers_bp, "processing": terms.processing_bp,
        "fund": terms.fund_bp, "guaranteed_price": terms.guaranteed_price, "recall_borne_by": terms.recall_borne_by,
        "buying": terms.buying, "advance": terms.advance_bp, "member_agreement": terms.member_agreement,
        "withholds_tax": terms.withholds_tax,
    }  # fmt: skip
    said |= {f"grade_{grade}": factor for grade, factor in terms.grade_factors_bp.items()}
    names: list[str] = []
    for one in terms.clauses:
        if one.kind == ClauseKind.PLATFORM:
            said["platform"] = one.rate_bp
        elif one.kind == ClauseKind.LABOUR:
            said["labour_kg" if one.per == Per.KG else "labour_hour"] = one.amount_vnd
        elif one.kind == ClauseKind.FUND:
            said[f"fund_{one.name}"] = one.rate_bp
        else:
            names += [] if one.name in names else [one.name]
            place = f"fee_{names.index(one.name) + 1}"
            said |= {f"{place}_name": one.name}
            said[place if one.per == Per.RATE else f"{place}_kg"] = one.rate_bp or one.amount_vnd
    return said


class PublishForm(Form):
    """The assembly has agreed."""

    agreed = BooleanField(_l("Thành viên đã bàn và đồng ý"), default=False)
