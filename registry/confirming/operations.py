"""Verbs of a household's yes: set a PIN, confirm by it, confirm by a mark before a witness."""

import base64

from accounts.operations import audit
from accounts.rules import Actor
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from households.queries import household_of_user
from registry import operations, queries
from registry.confirming.models import HouseholdPin, WitnessedMark
from registry.confirming.queries import PHOTO, WITNESS, mark_of, pin_of
from registry.confirming.rules import may_witness
from registry.models import Review
from registry.rules import State


def set_pin(actor: Actor, hashed: str) -> HouseholdPin:
    """Keep the household's PIN; a later one takes its place. hashed: by `accounts.passwords`, outside a transaction."""
    mine = household_of_user(actor.user_id) if actor.user_id else None
    if mine is None:
        raise Invalid(N_("Chưa có hộ của bạn trong sổ."), remedy=N_("Ghi hộ nhà mình trước, ở trang Tôi."))
    held = pin_of(mine.id) or HouseholdPin(household_id=mine.id)
    held.pin_hash, held.set_at, held.set_by_user_id = hashed, clock.now(), actor.user_id or 0
    db.session.add(held)
    db.session.flush()
    audit(actor, "set household pin", f"household:{mine.id}")
    return held


def confirm_by_pin(actor: Actor, key: str) -> Review:
    """The household typed its PIN on the helper's phone, and it fitted: the caller compared and counted the try."""
    review = queries.own_review(actor, key)
    if pin_of(review.household_id) is None:
        raise NotFound(N_("Hộ này chưa đặt mã PIN."))
    operations.confirm_as(actor, review, "pin")
    return review


def confirm_by_mark(actor: Actor, key: str, witness: str, photo: bytes) -> Review:
    """The household signed, or left a fingerprint, before a witness. photo: WebP of the sheet, drawn anew.

    Raises Invalid where the witness is nobody, or the helper herself; NotAllowed for one's own declaration.
    """
    review = queries.own_review(actor, key)
    if queries.is_own(actor, review):
        raise NotAllowed(N_("Bản này của nhà mình: bấm gửi là đủ."))
    if review.state != State.TO_CONFIRM:
        raise Conflict(N_("Bản kê khai này không còn ở bước đó."), remedy=N_("Mở lại trang để xem."))
    if not may_witness(witness, actor.name):
        raise Invalid(
            N_("Viết họ tên người làm chứng, không phải người kê giúp."),
            remedy=N_("Ví dụ trưởng thôn, hoặc hàng xóm."),
            field="witness",
        )
    if not photo:
        raise Invalid(N_("Chụp ảnh tờ giấy hộ đã ký."), field="photo")
    if mark_of(review) is not None:
        raise Conflict(N_("Bản này đã có người làm chứng."), remedy=N_("Mở lại trang để xem."))
    owner = f"review:{review.key}"
    db.session.add(
        WitnessedMark(
            review_id=review.id,
            witness=encrypt(witness.strip(), field=WITNESS, owner=owner),
            photo=encrypt(base64.b64encode(photo).decode(), field=PHOTO, owner=owner),
            recorded_at=clock.now(),
            recorded_by_user_id=actor.user_id or 0,
        )
    )
    operations.confirm_as(actor, review, "mark")
    return review


def read_mark(actor: Actor, key: str) -> Review:
    """Open the photo of the signed sheet: the household, its helper, an officer within reach; a line in the chain."""
    review = queries.review_by_key(key)
    if not queries.may_write(actor, review):
        review = queries.review_for_officer(actor, key)
    audit(actor, "read mark", f"review:{review.id}", ("photo", "witness"), "review")
    return review
