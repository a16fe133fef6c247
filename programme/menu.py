"""The menu of the project's pages."""

from flask import url_for

from core.i18n import N_, _

PAGES = {
    "programme.overview": N_("Tổng quan"),
    "programme.revenue": N_("Doanh thu"),
    "programme.reach": N_("Hộ và người"),
    "programme.poverty": N_("Mức sống"),
    "programme.calls": N_("HTX cần gọi"),
    "subsidies.index": N_("Trợ giá"),
    "ocop.overview": N_("Hồ sơ OCOP"),
}


def menu(here: str) -> list[tuple[str, str, bool]]:
    """Address, text and whether it is this page, for `links` of layouts/desk.html. here: the page's endpoint."""
    return [(url_for(endpoint), _(text), endpoint == here) for endpoint, text in PAGES.items()]
