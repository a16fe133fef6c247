"""A person wants to know whether a shop answers: it is called now, and what our goods hang on is looked up anew."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from channels.saleor import documents, outbox, queries
from channels.saleor.calls import call
from channels.saleor.client import ShopDown, ShopRefused
from channels.saleor.rules import InstanceState
from core.db import transaction
from core.i18n import N_

NOT_INSTALLED = N_("Cửa hàng chưa cài ứng dụng.")
SILENT = N_("Chưa gọi được cửa hàng. Chợ tự gọi lại sau.")


def try_shop(actor: Actor, instance_id: int) -> str:
    """Call a shop though it is left alone, and set it up again; what is wrong (a message id), empty when all is well.

    Outside any transaction.
    """
    actor.must_be(Role.MANAGER)
    if queries.instance(instance_id).state == InstanceState.ALLOWED:
        return NOT_INSTALLED
    try:
        who = call(instance_id, lambda shop: shop.query(documents.WHO), anyway=True)
    except ShopDown:
        return SILENT
    except ShopRefused:
        return outbox.NO_ENTRY_TEXT
    if who.get("app") is None:
        return outbox.NO_ENTRY_TEXT
    with transaction():
        found = queries.instance(instance_id, lock=True)
        found.setup, found.setup_problem = "{}", ""
        audit(actor, "try_saleor", f"saleor_instance:{instance_id}", ("setup",))
    outbox.prepared(instance_id)
    return queries.instance(instance_id).setup_problem
