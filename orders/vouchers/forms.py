"""A voucher as its maker fills it in. Shared with the programme's pages."""

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cooperatives.forms import PercentField
from core import clock
from core.forms import Form, KeyField, VndField
from core.i18n import _l
from orders.vouchers.operations import NAME_MAX_CHARS, Draft

NEEDED_DAY = InputRequired(_l("Chọn một ngày."))


def _in_a_month() -> date:
    return clock.today() + timedelta(days=30)


class GivenForm(Form):
    """What every voucher says."""

    key = KeyField()
    code = StringField(_l("Mã"), [InputRequired(_l("Viết mã, ví dụ TET2027.")), Length(max=40)])
    percent = PercentField(_l("Giảm mấy phần trăm tiền hàng"))
    amount_vnd = VndField(_l("Hoặc giảm bao nhiêu tiền"))
    most_vnd = VndField(_l("Giảm nhiều nhất mỗi lần mua"))
    min_goods_vnd = VndField(_l("Tiền hàng từ bao nhiêu mới được dùng"))
    from_on = DateField(_l("Ngày đầu"), [NEEDED_DAY], default=clock.today)
    to_on = DateField(_l("Ngày cuối"), [NEEDED_DAY], default=_in_a_month)
    uses_max = IntegerField(_l("Dùng được mấy lần, cả thảy"), [Optional(), NumberRange(1, 1_000_000)])
    once_per_phone = BooleanField(_l("Mỗi số điện thoại dùng một lần"), default=True)
    name = StringField(_l("Ghi chú cho mình"), [Optional(), Length(max=NAME_MAX_CHARS)])

    def draft(self, **more: Any) -> Draft:
        """For the verb."""
        return Draft(
            self.code.data, self.from_on.data, self.to_on.data, self.percent.data, self.amount_vnd.data,
            self.most_vnd.data, self.min_goods_vnd.data or 0, self.uses_max.data, bool(self.once_per_phone.data),
            name=self.name.data or "", **more,
        )  # fmt: skip


class VoucherForm(GivenForm):
    """A cooperative's own, with a limit to what it costs."""

    budget_vnd = VndField(_l("Cả thảy giảm không quá"))


class StopForm(Form):
    """A button with a token."""
