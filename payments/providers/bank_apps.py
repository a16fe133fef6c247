"""Links that open a buyer's banking app with the transfer filled in.

NAPAS publishes no link of its own. The one form in public use is VietQR.io's (vietqr.io, "Deeplink app ngân hàng", read
2026-11): `https://dl.vietqr.io/pay?app=&ba=<account>@<bank>&am=&tn=&bn=`, whose host hands the phone over to the app.
Unverified: never tried with a real app, and the bank's short codes besides icb, mb, bidv, acb and ocb were written from
general knowledge. Whoever taps the link tells that host account, sum and order code; nothing of the buyer's.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from payments.providers.vietqr import plain

HOST = "https://dl.vietqr.io/pay"
# The apps that fill the form in, says the service's change log (2.12 to 2.18); others only open.
APPS = {"mb": "MB", "icb": "VietinBank", "bidv": "BIDV", "acb": "ACB", "ocb": "OCB"}
CODES = {
    "970405": "vba", "970415": "icb", "970436": "vcb", "970418": "bidv", "970422": "mb", "970407": "tcb",
    "970449": "lpb", "970416": "acb", "970432": "vpb", "970423": "tpb", "970403": "stb", "970437": "hdb",
    "970441": "vib", "970443": "shb", "970431": "eib", "970426": "msb", "970448": "ocb", "970440": "seab",
    "970428": "nab", "970409": "bab", "970425": "abb",
}  # fmt: skip


@dataclass(frozen=True)
class AppLink:
    """One app: its name and the address that opens it."""

    name: str
    url: str


def links(
    bank_bin: str, account_number: str, holder: str, amount_vnd: int, purpose: str
) -> tuple[AppLink, ...]:
    """The links for one transfer; none where the receiving bank's short code is not known.

    >>> links("970415", "22102025", "HTX MẪU", 2000, "CP222222")[0].url
    'https://dl.vietqr.io/pay?app=mb&ba=22102025%40icb&am=2000&tn=CP222222&bn=HTX+MAU'
    """
    code = CODES.get(bank_bin)
    if code is None:
        return ()
    rest = {"ba": f"{account_number}@{code}", "am": amount_vnd, "tn": plain(purpose), "bn": plain(holder)}
    return tuple(AppLink(name, f"{HOST}?{urlencode({'app': app} | rest)}") for app, name in APPS.items())
