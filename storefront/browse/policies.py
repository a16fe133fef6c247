"""The market's rules as pages: which there are, and which version of each holds from which day."""

from dataclasses import dataclass
from datetime import date

from core.i18n import N_


@dataclass(frozen=True)
class Policy:
    """A page of rules. title and about: message ids. Its words stand in templates/storefront/browse/policies/."""

    title: str
    about: str
    version: int
    from_on: date


_NOW = date(2026, 11, 22)
POLICIES: dict[str, Policy] = {
    "terms": Policy(N_("Điều khoản mua bán"), N_("Đặt hàng, quyền và việc của mỗi bên"), 2, _NOW),
    "prices": Policy(N_("Giá và các khoản phải trả"), N_("Giá gồm thuế, mọi loại phí"), 1, _NOW),
    "payment": Policy(N_("Trả tiền, hoàn tiền"), N_("Chuyển khoản, trả khi nhận, tiền về bao lâu"), 1, _NOW),
    "delivery": Policy(N_("Giao hàng"), N_("Bao lâu, ai đưa, khi nhận xem gì"), 1, _NOW),
    "returns": Policy(N_("Đổi trả, hoàn tiền"), N_("Hàng không đúng như đã tả"), 2, _NOW),
    "complaints": Policy(N_("Khiếu nại"), N_("Viết, theo dõi từng bước, hạn trả lời"), 2, _NOW),
    "privacy": Policy(N_("Giữ kín thông tin"), N_("Hỏi gì, để làm gì, giữ bao lâu, ai thấy"), 2, _NOW),
    "limits": Policy(N_("Giới hạn"), N_("Nơi giao, số lượng, tuổi, hàng không bán"), 1, _NOW),
    "ranking": Policy(N_("Hàng xếp theo cách nào"), N_("Không chỗ nào bán vị trí"), 2, _NOW),
    "sellers": Policy(N_("Quy định với người bán"), N_("Duyệt, xét hàng, gỡ hàng, tạm dừng"), 1, _NOW),
    "livestream": Policy(N_("Bán hàng phát trực tiếp"), N_("Chợ không phát; điều cần biết"), 2, _NOW),
    "about": Policy(N_("Chợ này là chợ gì"), N_("Ba điều chợ giữ"), 1, _NOW),
}
