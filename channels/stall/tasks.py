"""The worker's duty: transfers for sales at a stall that came later."""

from accounts.rules import Actor, Role
from channels.stall.models import StallOuting, StallSale
from channels.stall.queries import paid_since
from channels.stall.settling import finish_paid
from core.db import db, transaction
from core.work import Task
from payments.queries import organisation_of


def finish() -> int:
    """Sales that were paid meanwhile, each in a transaction of its own; how many."""
    done = 0
    for sale_id, order_id in paid_since():
        with transaction():
            sale = db.session.get_one(StallSale, sale_id)
            outing = db.session.get_one(StallOuting, sale.stall_outing_id)
            actor = Actor(None, Role.SYSTEM, organisation_of(outing.cooperative_id))
            done += finish_paid(actor, sale_id, order_id)
    return done


TASKS = [Task("channels.finish_stall_sales", 5.0, finish)]
