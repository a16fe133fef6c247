"""The menu over an officer's pages: the work of the role, in few words."""

from collections.abc import Iterable

from flask import request, url_for
from flask_login import current_user

from accounts.access import access_of, actor
from accounts.menu import Link
from core.i18n import N_, _

SHORT: dict[str, str] = {  # in the order of a working day
    "procedure.board": N_("Rà soát"),
    "registry.queue": N_("Đã kê khai"),
    "needs.listed": N_("Nhu cầu"),
    "followup.listed": N_("Theo dõi"),
    "sales_evidence.listed": N_("Mức bán"),
    "roster.listed": N_("Sổ hộ"),
    "record.requests": N_("Yêu cầu"),
    "papers_of_cases.listed": N_("Giấy tờ"),
    "figures.round_": N_("Số liệu"),
    "fairness.province": N_("Công bằng"),
    "fairness.mine": N_("Công bằng"),
    "standards.listed": N_("Chuẩn"),
    "published.desk": N_("Công bố"),
    "safety.breaches": N_("Vụ lộ dữ liệu"),
}


def officer_links(links: Iterable[Link]) -> list[tuple[str, str, bool]]:
    """(address, words, whether this is it) of the pages of the role worn; nothing on public pages.

    A page that no entry leads to stands under the entry of its own blueprint.
    """
    rule = access_of(request.endpoint) if request.endpoint else None
    if rule is None or rule.kind == "public" or not current_user.is_authenticated:
        return []
    role, here = actor().role, request.endpoint or ""
    offered = {one.endpoint for one in links if role in one.roles}
    shown = [name for name in SHORT if name in offered]
    blueprint = here.partition(".")[0]
    if not any(name.partition(".")[0] == blueprint for name in shown):
        return []
    near = here if here in shown else next(name for name in shown if name.partition(".")[0] == blueprint)
    return [(url_for(name), _(SHORT[name]), name == near) for name in shown]
