"""The app's manifest, and the handshake in which a shop hands over a token: only from an address on the list."""

from typing import Any

from flask import current_app

from accounts.operations import audit
from accounts.rules import Actor, Role
from channels.saleor import documents, queries
from channels.saleor.client import Client, ShopDown, ShopRefused
from channels.saleor.models import SaleorInstance
from channels.saleor.rules import InstanceState
from channels.saleor.verification import refresh_keys
from core import clock
from core.crypto import encrypt
from core.db import db, transaction
from core.errors import Conflict, NotAllowed
from core.i18n import N_

VERSION = "1.0.0"
PERMISSIONS = [
    "MANAGE_PRODUCTS", "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES", "MANAGE_PAGE_TYPES_AND_ATTRIBUTES", "MANAGE_ORDERS",
    "MANAGE_CHANNELS", "MANAGE_SHIPPING", "HANDLE_PAYMENTS", "MANAGE_CHECKOUTS",
]  # fmt: skip
TOKEN_MOST = 200


def manifest() -> dict[str, Any]:
    """What a shop reads before it installs the app, shaped and checked by the SDK's own schema."""
    from saleor_sdk.schemas.manifest import Manifest, Webhook

    base = current_app.config["BASE_URL"]
    door = f"{base}/webhooks/saleor"
    webhooks = [
        Webhook(name="Orders", asyncEvents=list(documents.KNOCK_EVENTS), query=documents.KNOCK, targetUrl=door,
                isActive=True),
        Webhook(name="Refunds", syncEvents=["TRANSACTION_REFUND_REQUESTED"], query=documents.REFUND_WANTED,
                targetUrl=f"{door}/refund", isActive=True),
        Webhook(name="Delivery", syncEvents=["SHIPPING_LIST_METHODS_FOR_CHECKOUT"], query=documents.SHIPPING,
                targetUrl=f"{door}/shipping", isActive=True),
    ]  # fmt: skip
    made = Manifest(
        id="vn.chophien.market", version=VERSION, name="Chợ Phiên", permissions=list(PERMISSIONS),
        about="Hàng của hợp tác xã vùng cao: đăng bán, nhận đơn, trả tiền về từng hộ.",
        appUrl=f"{base}/manage/saleor", tokenTargetUrl=f"{base}/saleor/install",
        dataPrivacyUrl=f"{base}/privacy",
        homepageUrl=base, webhooks=webhooks,
    )  # fmt: skip
    plain: dict[str, Any] = made.model_dump(mode="json", by_alias=True, exclude_none=True)
    plain["requiredSaleorVersion"] = ">=3.21 <4"
    plain["author"] = "Chợ Phiên"
    return plain


def install(api_url: str, token: object) -> SaleorInstance:
    """A shop hands over its token. It is believed only when it opens that very shop: anybody may send anything here.

    Raises NotAllowed for an address that nobody allowed, Conflict where the shop does not know the token (it must
    activate the app as it installs it) or does not answer. Twice is harmless; a later token takes the earlier's place.
    """
    found = queries.instance_at(api_url)
    if found is None:
        raise NotAllowed(
            N_("Cửa hàng này chưa được cho phép."),
            remedy=N_("Bên thu hộ ghi địa chỉ cửa hàng ở trang Saleor trước."),
        )
    if not isinstance(token, str) or not 0 < len(token) <= TOKEN_MOST:
        raise Conflict(N_("Cửa hàng chưa đưa khoá."))
    instance_id = found.id
    db.session.rollback()
    app_id = _proved(api_url, token)
    refresh_keys(instance_id, api_url)
    with transaction():
        connect(instance_id, token, app_id)
    return queries.instance(instance_id)


def connect(instance_id: int, token: str, app_id: str) -> SaleorInstance:
    """Keep a token that was proved to open the shop, encrypted; the shop is spoken to from now on."""
    found = queries.instance(instance_id, lock=True)
    found.token = encrypt(token, field=queries.FIELD, owner=queries.owner_of(instance_id))
    if found.app_id != app_id:  # installed anew: it may be another database under the same address
        found.setup, found.setup_problem = "{}", ""
    found.app_id, found.state = app_id, InstanceState.INSTALLED
    found.answered_at, found.failures_count, found.pause_until = clock.now(), 0, None
    audit(Actor(None, Role.SYSTEM, found.organisation_id), "install_saleor", f"saleor_instance:{instance_id}",
          ("token", "state"))  # fmt: skip
    return found


def _proved(api_url: str, token: str) -> str:
    """The shop's id of our app, as the shop itself says it to whoever holds the token."""
    try:
        who = Client(api_url, token, timeout_s=6.0).query(documents.WHO)
    except (ShopDown, ShopRefused) as error:
        raise Conflict(
            N_("Cửa hàng chưa trả lời hoặc không nhận khoá."), remedy=N_("Cài lại sau ít phút.")
        ) from error
    app = who.get("app")
    if not isinstance(app, dict) or not isinstance(app.get("id"), str):
        raise Conflict(
            N_("Cửa hàng không nhận khoá này."), remedy=N_("Cài lại và bật ứng dụng ngay khi cài.")
        )
    return str(app["id"])
