"""Buyers in processes of their own: `python -m tests.exams.buyers PROCESSES BUYERS`.

Reads one pack id a line; for each, every buyer (a thread with a connection of its own, over the WSGI application)
gets ready up to the last page, all wait for each other, and order at once. Writes one JSON list of outcomes a line.
"""

import json
import multiprocessing
import secrets
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

from app import create_app
from core.db import db
from tests.exams.stage import hidden

READY_WAIT_S = 120


def ready(app: Any, pack_id: int, seller_id: int, commune_id: int) -> tuple[Any, dict[str, str]]:
    """A visitor with the pack in the cart and everything said; the last page's fields."""
    client = app.test_client()
    added = client.post("/cart", data={"pack_id": pack_id, "quantity": 1})
    assert added.status_code == 303, added.status_code
    with client.session_transaction() as session:
        session["checkout"] = {
            "key": secrets.token_urlsafe(16), "name": "Đỗ Minh Mẫu", "phone": "+84912345678", "commune_id": commune_id,
            "place": "phường Cầu Giấy, Hà Nội", "address_line": "Số 8", "note": "",
            "methods": {str(seller_id): "vietqr"},
        }  # fmt: skip
    page = client.get("/checkout/review")
    assert page.status_code == 200, (page.status_code, page.headers.get("Location"))
    return client, hidden(page.get_data(as_text=True))


def outcome(client: Any, fields: dict[str, str]) -> str:
    """Send the last form: 'bought', 'sold out' (told so), or what else came."""
    answer = client.post("/checkout/review", data=fields)
    where = answer.headers.get("Location", "")
    if answer.status_code == 303 and "/orders/" in where:
        return "bought"
    if answer.status_code == 303 and where.endswith("/cart"):
        page = client.get("/cart")
        told = "vừa hết" in page.get_data(as_text=True) or "Hết hàng" in page.get_data(as_text=True)
        return "sold out" if told else "sent back without a word"
    return "sold out" if answer.status_code == 409 else f"status {answer.status_code}"


def buy(app: Any, task: tuple[int, int, int], gate: Any, outcomes: list[str]) -> None:
    """One buyer's thread."""
    try:
        client, fields = ready(app, *task)
        gate.wait(READY_WAIT_S)
        outcomes.append(outcome(client, fields))
    except Exception as error:
        gate.abort()
        outcomes.append(f"{type(error).__name__}: {error}"[:300])


def work(app: Any, pipe: Connection, gate: Any, buyers: int) -> None:
    """One long-lived process: answers every task with its buyers' outcomes."""
    while (task := pipe.recv()) is not None:
        outcomes: list[str] = []
        threads = [threading.Thread(target=buy, args=(app, task, gate, outcomes)) for _ in range(buyers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipe.send(outcomes)


def main(processes: int, buyers: int) -> None:
    """Fork the processes, pass tasks on, collect."""
    app, fork = create_app(), multiprocessing.get_context("fork")
    with app.app_context():
        db.engine.dispose()
    shares = [buyers // processes + (number < buyers % processes) for number in range(processes)]
    gate, pipes = fork.Barrier(buyers), []
    for share in shares:
        ours, theirs = fork.Pipe()
        fork.Process(target=work, args=(app, theirs, gate, share), daemon=True).start()
        pipes.append(ours)
    for line in sys.stdin:
        for pipe in pipes:
            pipe.send(json.loads(line))
        print(json.dumps([one for pipe in pipes for one in pipe.recv()], ensure_ascii=False), flush=True)
        gate.reset()
    for pipe in pipes:
        pipe.send(None)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
