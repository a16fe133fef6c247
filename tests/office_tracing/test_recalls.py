"""A recall from the first look to its report, and its rehearsal, which touches nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, NotFound
from messages.models import Message
from office.recalls import operations, queries
from office.recalls.models import RecallCase, RecallStep
from office.recalls.rules import TRANSITIONS, CaseState, StepKind, after
from payments.models import Refund
from tests.factories.accounts import sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import place_order, shipped
from tests.factories.traceability import create_lot
from traceability.models import Lot


@pytest.fixture(autouse=True)
def _no_tokens(app: Flask) -> Iterator[None]:
    """Forms are sent without their token here; the guards test tokens."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def sold(ctx: Flask) -> Any:
    """A lot of which two packs left the house: manager, lot id, order id."""
    coop = create_cooperative()
    pack = create_product(coop).packs[0]
    lot_id = create_lot(coop, pack, 5).id
    order_id = shipped(place_order([(pack, 2)])[0]).id
    return manager_of(coop), lot_id, order_id


def begin(sold: Any, key: str = "recall-key") -> int:
    """The recall of the lot, begun."""
    with transaction():
        return operations.begin(sold[0], key, f"lot:{sold[1]}", "Gói bị ẩm").id


def rows() -> dict[str, int]:
    """How many rows every table has, the audit left out."""
    names = [table.name for table in db.metadata.sorted_tables if not table.name.startswith("audit_")]
    return {name: db.session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def test_a_rehearsal_says_whom_it_reaches_in_how_long_and_leaves_one_line_of_its_own(sold: Any) -> None:
    before = rows()
    before["recall_rehearsal"] += 1
    with transaction():
        done = operations.rehearse(sold[0], f"lot:{sold[1]}")
    assert (done.found.order_ids, done.found.here, done.found.gone) == ([sold[2]], 3, 2)
    assert 0 <= done.took_ms < 60_000
    assert rows() == before and db.session.get_one(Lot, sold[1]).state == "open"
    assert db.session.query(AuditLine).filter_by(verb="rehearse_recall").count() == 1


def test_a_recall_holds_stock_stops_sale_tells_buyers_and_opens_a_case(sold: Any) -> None:
    case_id = begin(sold)
    now = queries.progress(case_id)
    assert db.session.get_one(Lot, sold[1]).state == "recalled"
    assert (now.quarantined, now.out, [one.order_id for one in now.calls]) == (3, 2, [sold[2]])
    assert db.session.query(Message).filter(Message.key.like("%:recall:%")).count() == 1
    assert begin(sold) == case_id and db.session.query(RecallCase).count() == 1
    with pytest.raises(Conflict):
        begin(sold, "another-key")


def test_what_recalled_packs_cost_is_prepared_to_go_back_once_with_one_tap(
    sold: Any, client: FlaskClient
) -> None:
    case_id = begin(sold)
    one = queries.progress(case_id).calls[0]
    assert (one.unpaid_count, one.refund_vnd, one.value_vnd) == (2, 0, 130_000)
    db.session.remove()
    sign_in(client, sold[0])
    sent = {"order_id": sold[2], "refund": "yes", "key": "refund-key"}
    for _tap in range(2):
        assert client.post(f"/manage/recalls/{case_id}/step", data=sent).status_code == 302
    now = queries.progress(case_id)
    assert (now.calls[0].unpaid_count, now.refund_vnd) == (0, 130_000)
    assert db.session.query(Refund).filter_by(order_id=sold[2], state="due").count() == 1
    again = client.post(f"/manage/recalls/{case_id}/step", data=sent | {"key": "another-key"})
    assert again.status_code == 422 and "Chưa chọn món nào" in again.text
    stranger = client.post(
        f"/manage/recalls/{case_id}/step", data=sent | {"order_id": 9_999, "key": "third-key"}
    )
    assert stranger.status_code == 404


def test_a_recall_is_closed_with_a_report_once_every_buyer_was_called(sold: Any) -> None:
    case_id, manager = begin(sold), sold[0]
    with pytest.raises(Conflict, match="đơn"), transaction():
        operations.close(manager, case_id, "close-key", "Đã thu lại hết các gói.")
    for _twice in range(2):
        with transaction():
            operations.called(manager, case_id, "call-key", sold[2], reached=True)
    with transaction():
        operations.note(manager, case_id, "note-key", "Khách đã cất riêng")
    with transaction():
        operations.close(manager, case_id, "close-key", "Đã thu lại hết các gói.")
    kinds = [step.kind for step in db.session.query(RecallStep).order_by(RecallStep.id)]
    assert kinds == ["stopped", "called", "note", "closed"]
    assert db.session.get_one(RecallCase, case_id).report == "Đã thu lại hết các gói."
    with pytest.raises(Conflict), transaction():
        operations.note(manager, case_id, "late-key", "Thêm một dòng")


def test_another_cooperatives_manager_finds_no_such_recall_and_no_such_order(sold: Any) -> None:
    case_id, stranger = begin(sold), manager_of(create_cooperative("HTX Khác"))
    with pytest.raises(NotFound):
        operations.case_of(stranger, case_id)
    with pytest.raises(NotFound), transaction():
        operations.called(sold[0], case_id, "call-key", sold[2] + 999, reached=True)


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("kind", StepKind)
def test_every_step_from_every_state_leads_somewhere_or_is_refused(state: CaseState, kind: StepKind) -> None:
    if (state, kind) in TRANSITIONS:
        assert after(state, kind) is TRANSITIONS[state, kind]
    else:
        with pytest.raises(Conflict):
            after(state, kind)


def test_buyers_names_are_shown_only_when_asked_for_and_the_audit_remembers(
    sold: Any, client: FlaskClient
) -> None:
    manager, lot_id, _order_id = sold
    db.session.remove()
    sign_in(client, manager)
    assert "Đỗ Minh Mẫu" not in client.get(f"/manage/trace/see?of=lot:{lot_id}").get_data(as_text=True)
    assert "Đỗ Minh Mẫu" in client.post(f"/manage/trace/see?of=lot:{lot_id}").get_data(as_text=True)
    assert db.session.query(AuditLine).filter_by(verb="read_buyers").count() == 1


def test_a_manager_types_a_code_rehearses_recalls_calls_and_closes(sold: Any, client: FlaskClient) -> None:
    manager, lot_id, order_id = sold
    code = db.session.get_one(Lot, lot_id).code
    db.session.remove()
    sign_in(client, manager)
    assert client.get(f"/manage/trace?of={code}").location.endswith(f"of=lot:{lot_id}")
    assert client.get("/manage/trace?of=KHONG-CO").status_code == 422
    rehearsed = client.post(f"/manage/trace/rehearse?of=lot:{lot_id}").get_data(as_text=True)
    assert "Chưa dừng gì" in rehearsed
    made = client.post(f"/manage/recalls/new?of=lot:{lot_id}", data={"reason": "Gói bị ẩm"})
    page = client.get(made.location).get_data(as_text=True)
    assert "Khách cần gọi" in page and "Đỗ Minh Mẫu" not in page
    assert client.post(f"{made.location}/close", data={"report": "Đã thu lại hết."}).status_code == 422
    called = {"order_id": order_id, "reached": "yes"}
    assert client.post(f"{made.location}/step", data=called).status_code == 302
    assert client.post(f"{made.location}/close", data={"report": "Đã thu lại hết."}).status_code == 302
    for kind in ("csv", "json"):
        answer = client.get(f"/manage/trace/file.{kind}?of=lot:{lot_id}")
        assert answer.status_code == 200 and "Đỗ Minh Mẫu" not in answer.get_data(as_text=True)
