"""Dealings as people and accountants name them."""

from core.i18n import N_
from revenue.rules import Deal

SOURCE = N_("Thông tư 71/2024/TT-BTC, đọc qua bản chép")
ACCOUNTS: dict[str, str] = {  # circular 71/2024, read in a copy (domain.md): only the numbers named there
    Deal.CONSIGNED_INTERNAL: "003, 331, 511; 4212",
    Deal.CONSIGNED_EXTERNAL: "003, 331, 511; 4211",
    Deal.OUTRIGHT_INTERNAL: "156, 331; 4212",
    Deal.OUTRIGHT_EXTERNAL: "156, 331; 4211",
}
BUYING_WORDS: dict[str, str] = {"consigned": N_("bán hộ"), "outright": N_("mua đứt")}
SIDE_WORDS: dict[str, str] = {"internal": N_("nội bộ"), "external": N_("bên ngoài")}
