"""One door of the shop in a process of its own: `tests.exams.doors DOOR`.

Reads one task a line (JSON), gets ready up to the last step, says "ready", waits for the instant it is told, takes that
step, and says what came: "bought", "told: …" in the door's own way, or what else happened.
"""

import json
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from accounts.rules import Actor, Role
from app import create_app
from channels.marketplaces.models import MarketOrder
from channels.marketplaces.rules import OrderState as Taken
from channels.marketplaces.rules import Site, Status
from channels.marketplaces.sales import Line, Sale
from channels.marketplaces.taking import take as take_sale
from channels.saleor import tasks as saleor
from channels.saleor.models import SaleorOrder
from channels.saleor.operations import knock
from channels.saleor.rules import OrderState
from channels.stall.models import StallSale
from core import clock
from core.db import db, transaction
from tests.exams.buyers import outcome as web_outcome
from tests.exams.buyers import ready as web_ready
from tests.exams.stage import hidden
from tests.factories.accounts import sign_in

Step = Callable[[], str]


def web(app: Any, task: dict[str, Any]) -> Step:
    """A buyer on the last page of the shop."""
    client, fields = web_ready(app, task["pack"], task["coop"], task["commune"])

    def act() -> str:
        came = web_outcome(client, fields)
        return "told: sold out" if came == "sold out" else came

    return act


def _manager(app: Any, task: dict[str, Any]) -> tuple[Any, str]:
    client = app.test_client()
    sign_in(client, task["manager"])
    return client, hidden(client.get("/manage/chat").get_data(as_text=True))["csrf_token"]


def chat(app: Any, task: dict[str, Any]) -> Step:
    """A message was read and looked over; the manager presses."""
    client, token = _manager(app, task)
    fields = {
        "csrf_token": token, "key": uuid.uuid4().hex, "name": "Đỗ Minh Mẫu", "phone": task["phones"][0],
        "place": "phường Cầu Giấy, Hà Nội", "address_line": "Số 8", "method": "vietqr",
        "pack0": str(task["pack"]), "quantity0": "1",
    }  # fmt: skip

    def act() -> str:
        answer = client.post("/manage/chat/order", data=fields)
        page = answer.get_data(as_text=True)
        if answer.status_code == 303:
            return "bought"
        said = "Chỉ còn 0" in page or "Chỉ còn" in page
        return "told: on the form" if answer.status_code == 422 and said else f"status {answer.status_code}"

    return act


def live(app: Any, task: dict[str, Any]) -> Step:
    """The piece is put aside on a live sheet; the manager confirms all."""
    client, token = _manager(app, task)

    def act() -> str:
        address = f"/manage/live/{task['live']}"
        assert (
            client.post(f"{address}/confirm", data={"csrf_token": token, "method": "vietqr"}).status_code
            == 303
        )
        page = client.get(f"{address}/replies").get_data(as_text=True)
        if "Đã đặt 1 đơn" in page:
            return "bought"
        return "told: beside the buyer's name" if "Chỉ còn" in page else "not a word"

    return act


def stall(app: Any, task: dict[str, Any]) -> Step:
    """A phone comes back from the fair with a sale of a piece that nobody wrote down."""
    client, token = _manager(app, task)
    key = str(uuid.uuid4())
    fields = {
        "csrf_token": token, "key": key, "outing": task["outing"], "method": "cod", "ago_s": "60",
        "lines": json.dumps([[task["pack"], task["lot"], 1, task["price"]]]),
    }  # fmt: skip

    def act() -> str:
        answer = client.post("/manage/offline/sales", data=fields)
        if answer.status_code != 200:
            return f"status {answer.status_code}: {answer.get_data(as_text=True)[:200]}"
        with app.app_context():
            found = db.session.query(StallSale).filter_by(key=key).one()
            said = client.get(answer.get_json()["url"]).get_data(as_text=True)
            held = "told: waits, and who gives way is named" if "Cách xử" in said else "held without a word"
            return {"done": "bought", "held": held}[found.state]

    return act


def saleor_shop(app: Any, task: dict[str, Any]) -> Step:
    """Somebody ordered in a Saleor shop; its webhook has knocked, the worker takes the order."""
    with app.app_context(), transaction():
        knock(task["instance"], task["remote"], task["number"])

    def act() -> str:
        with app.app_context():
            saleor.reconcile()
            db.session.remove()
            row = db.session.query(SaleorOrder).filter_by(remote_id=task["remote"]).one()
            told = f"told: held, {row.problem_text}" if row.problem_text else f"held: {row.problem}"
            return "bought" if row.state == OrderState.TAKEN else told

    return act


def market(app: Any, task: dict[str, Any]) -> Step:
    """A site's order file is read; its one order is taken as the worker takes it."""
    sold = Sale(f"S{task['pack']}", Status.TO_SHIP, (Line(str(task["pack"]), "Mật ong", 1, task["price"]),))

    def act() -> str:
        with app.app_context():
            with transaction():
                row = MarketOrder(
                    cooperative_id=task["coop"], site=Site.SHOPEE, number=sold.number, state=Taken.WAITING,
                    status=sold.status, told=sold.told(), changed_at=clock.now(),
                )  # fmt: skip
                db.session.add(row)
                db.session.flush()
                actor = Actor(task["manager"], Role.MANAGER, task["organisation"])
                take_sale(actor, row, sold, {str(task["pack"]): task["pack"]})
            said = f"told: held, {row.problem_text}" if row.problem_text else f"held: {row.problem}"
            return "bought" if row.state == Taken.TAKEN else said

    return act


DOORS = {"web": web, "chat": chat, "live": live, "stall": stall, "saleor": saleor_shop, "market": market}


def main(door: str) -> None:
    """Answer every task."""
    app = create_app()
    with app.app_context():
        db.engine.dispose()
    for line in sys.stdin:
        try:
            act = DOORS[door](app, json.loads(line))
            print("ready", flush=True)
            time.sleep(max(0.0, float(sys.stdin.readline()) - time.time()))
            said = act()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:300].replace("\n", " ")
        print(json.dumps(said, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
