"""Verbs: write down a connector, switch it off, put a document in its outbox, send one, try again."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock
from core.crypto import decrypt, encrypt
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from core.work import give_back, settle
from office.connectors.models import ConnectorAccount, ConnectorLetter
from office.connectors.rules import BODY_MAX_BYTES, Connector, Document, Down, Kind, Refused, check_settings
from office.connectors.senders import FileConnector, HttpConnector

PAUSE = timedelta(minutes=2)


def add_connector(
    actor: Actor,
    key: str,
    kind: Kind,
    name: str,
    address: str,
    secret: str,
    cooperative_id: int | None = None,
) -> ConnectorAccount:
    """Write a connector down, for one cooperative or for all. The same key is one connector.

    Administrators only: whoever chooses an address chooses whom our server calls. Raises Invalid at its field.
    """
    actor.must_be(Role.ADMINISTRATOR)
    known = select(ConnectorAccount).where(ConnectorAccount.key == key)
    if (found := db.session.execute(known).scalar_one_or_none()) is not None:
        return found
    plain = current_app.config["MODE"] != "production"
    check_settings(kind, clean(name), clean(address), secret, plain=plain)
    if cooperative_id is not None and db.session.get(Cooperative, cooperative_id) is None:
        raise NotFound(N_("Không có hợp tác xã này."))
    made = ConnectorAccount(
        key=key, cooperative_id=cooperative_id, name=clean(name), kind=kind, address=clean(address),
        secret=encrypt(secret, field="connector.secret", owner=f"connector:{key}"), active=True, added_at=clock.now(),
        added_by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "add connector", f"connector:{made.id}")
    return made


def switch(actor: Actor, connector_id: int, *, active: bool) -> None:
    """Switch a connector on or off. What waits in its outbox waits on. Raises NotFound."""
    actor.must_be(Role.ADMINISTRATOR)
    found = db.session.get(ConnectorAccount, connector_id, with_for_update=True)
    if found is None:
        raise NotFound(N_("Không có nơi nhận này."))
    found.active = active
    audit(actor, "switch connector", f"connector:{connector_id}", fields=("active",))


def _usable(cooperative_id: int, connector_id: int) -> ConnectorAccount:
    found = db.session.get(ConnectorAccount, connector_id)
    if found is None or found.cooperative_id not in (None, cooperative_id) or not found.active:
        raise NotFound(N_("Không có nơi nhận này."))
    return found


def post(
    actor: Actor, key: str, connector_id: int, subject: str, document: dict[str, Any]
) -> ConnectorLetter:
    """Put a document in a connector's outbox; the worker sends it. The same key again is the same letter.

    Raises Conflict where the key was used for another document, Invalid for one that is too long.
    """
    actor.must_be(Role.MANAGER)
    own = of_organisation(actor.organisation_id).id
    connector, full = _usable(own, connector_id), f"{own}-{key}"
    known = db.session.execute(
        select(ConnectorLetter).where(ConnectorLetter.key == full)
    ).scalar_one_or_none()
    if known is not None:
        if (known.connector_id, known.subject) != (connector.id, subject):
            raise Conflict(N_("Lần gửi này đã dùng cho tài liệu khác."), remedy=N_("Mở lại trang rồi gửi."))
        return known
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if len(body.encode()) > BODY_MAX_BYTES:
        raise Invalid(N_("Tài liệu dài quá 2 MB."), remedy=N_("Gửi từng lô."))
    made = ConnectorLetter(
        key=full, connector_id=connector.id, cooperative_id=own, subject=subject, body=body,
        body_bytes=len(body.encode()), closed_fields=bool(document.get("closed_fields")), written_at=clock.now(),
        by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "post to connector", f"letter:{made.id}", purpose=f"connector:{connector.id}")
    return made


def try_again(actor: Actor, letter_id: int) -> None:
    """Send a letter that was given up once more, under its old key. Raises NotFound for another's."""
    actor.must_be(Role.MANAGER)
    letter = db.session.get(ConnectorLetter, letter_id, with_for_update=True)
    if letter is None or letter.cooperative_id != of_organisation(actor.organisation_id).id:
        raise NotFound(N_("Không có lần gửi này."))
    if letter.work_state == "dead":
        letter.work_state, letter.work_attempts, letter.work_due_at, letter.refused = "pending", 0, None, ""
        audit(actor, "post again", f"letter:{letter_id}")


def connector_for(account: ConnectorAccount) -> Connector:
    """The connector of an account, with its secret opened. Inside an application context."""
    secret = decrypt(account.secret, field="connector.secret", owner=f"connector:{account.key}")
    if account.kind == Kind.FILE:
        return FileConnector(Path(current_app.config["INSTANCE_DIR"]) / "outgoing" / account.address, secret)
    return HttpConnector(account.address, secret)


def send_one(letter_id: int) -> None:
    """Send one claimed letter. Trouble at the other end puts it, and all that waits for that end, off for a while: a
    connector that is down costs one call, not one for each letter."""
    letter = db.session.get_one(ConnectorLetter, letter_id)
    account = db.session.get_one(ConnectorAccount, letter.connector_id)
    document = Document(letter.key, letter.subject, letter.body.encode())
    account_id, active, sender = account.id, account.active, connector_for(account)
    db.session.rollback()  # no transaction stays open during the outward call
    try:
        if not active:
            raise Down("switched off")
        receipt = sender.send(document)
    except (Down, Refused) as error:
        no = str(error) if isinstance(error, Refused) else ""
        give_back(ConnectorLetter, letter_id, error, dead=bool(no), refused=no)
        with transaction():
            _failed(account_id, error, answered=bool(no))
        return
    with transaction():
        settle(ConnectorLetter, letter_id, sent_at=clock.now(), receipt=receipt.number)
        _health(account_id, failures_count=0, failed_why="", answered_at=clock.now())


def _health(account_id: int, **values: Any) -> None:
    db.session.execute(update(ConnectorAccount).where(ConnectorAccount.id == account_id).values(**values))


def _failed(account_id: int, error: Exception, *, answered: bool) -> None:
    if answered:  # a no is an answer: the line works
        _health(account_id, failures_count=0, answered_at=clock.now())
        return
    _health(account_id, failures_count=ConnectorAccount.failures_count + 1, failed_at=clock.now(),
            failed_why=str(error)[:80])  # fmt: skip
    later = clock.now() + PAUSE
    db.session.execute(
        update(ConnectorLetter).where(
            ConnectorLetter.connector_id == account_id, ConnectorLetter.work_state == "pending",
            (ConnectorLetter.work_due_at.is_(None)) | (ConnectorLetter.work_due_at < later),
        ).values(work_due_at=later)
    )  # fmt: skip
