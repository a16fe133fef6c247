"""Banks of Việt Nam with their six-digit BIN, as VietQR needs them.

The numbers were written down from general knowledge and not checked against a list of NAPAS: unverified. Before the
first real payment, scan a code of each bank in use and see that the payer's app names the right bank.
"""

from dataclasses import dataclass

from core.errors import Invalid
from core.i18n import N_


@dataclass(frozen=True)
class Bank:
    """A bank. bin: six digits. short: what people call it."""

    bin: str
    short: str
    name: str


BANKS: tuple[Bank, ...] = (
    Bank("970405", "Agribank", "Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam"),
    Bank("970415", "VietinBank", "Ngân hàng Công thương Việt Nam"),
    Bank("970436", "Vietcombank", "Ngân hàng Ngoại thương Việt Nam"),
    Bank("970418", "BIDV", "Ngân hàng Đầu tư và Phát triển Việt Nam"),
    Bank("970422", "MB", "Ngân hàng Quân đội"),
    Bank("970407", "Techcombank", "Ngân hàng Kỹ thương Việt Nam"),
    Bank("970449", "LPBank", "Ngân hàng Lộc Phát Việt Nam"),
    Bank("970416", "ACB", "Ngân hàng Á Châu"),
    Bank("970432", "VPBank", "Ngân hàng Việt Nam Thịnh Vượng"),
    Bank("970423", "TPBank", "Ngân hàng Tiên Phong"),
    Bank("970403", "Sacombank", "Ngân hàng Sài Gòn Thương Tín"),
    Bank("970437", "HDBank", "Ngân hàng Phát triển Thành phố Hồ Chí Minh"),
    Bank("970441", "VIB", "Ngân hàng Quốc tế Việt Nam"),
    Bank("970443", "SHB", "Ngân hàng Sài Gòn – Hà Nội"),
    Bank("970431", "Eximbank", "Ngân hàng Xuất nhập khẩu Việt Nam"),
    Bank("970426", "MSB", "Ngân hàng Hàng hải Việt Nam"),
    Bank("970448", "OCB", "Ngân hàng Phương Đông"),
    Bank("970440", "SeABank", "Ngân hàng Đông Nam Á"),
    Bank("970428", "Nam A Bank", "Ngân hàng Nam Á"),
    Bank("970409", "Bac A Bank", "Ngân hàng Bắc Á"),
    Bank("970425", "ABBANK", "Ngân hàng An Bình"),
    Bank("970429", "SCB", "Ngân hàng Sài Gòn"),
    Bank("970412", "PVcomBank", "Ngân hàng Đại chúng Việt Nam"),
    Bank("970419", "NCB", "Ngân hàng Quốc dân"),
    Bank("970438", "BaoViet Bank", "Ngân hàng Bảo Việt"),
    Bank("970452", "Kienlongbank", "Ngân hàng Kiên Long"),
    Bank("970427", "VietABank", "Ngân hàng Việt Á"),
    Bank("970433", "VietBank", "Ngân hàng Việt Nam Thương Tín"),
    Bank("970400", "Saigonbank", "Ngân hàng Sài Gòn Công thương"),
    Bank("970430", "PGBank", "Ngân hàng Thịnh vượng và Phát triển"),
    Bank("970454", "BVBank", "Ngân hàng Bản Việt"),
    Bank("970446", "Co-opBank", "Ngân hàng Hợp tác xã Việt Nam"),
)
_BY_BIN = {bank.bin: bank for bank in BANKS}


def bank(bank_bin: str) -> Bank:
    """A bank by its BIN. Raises Invalid for one that is not on the list."""
    found = _BY_BIN.get(bank_bin)
    if found is None:
        raise Invalid(
            N_("Không có ngân hàng này trong danh sách."), remedy=N_("Chọn một ngân hàng."), field="bank_bin"
        )
    return found
