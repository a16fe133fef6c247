"""Verbs of the share kit: keep the words, make the links."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.moderation.rules import claims
from catalog.operations import own_product
from channels.sharing.models import ShareCaption
from channels.sharing.rules import BODY_MAX_CHARS, KIT
from core import clock
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from core.text import clean
from orders.links.operations import make_link


def write_caption(actor: Actor, product_id: int, body: str) -> None:
    """Keep the words that go with a product. Empty: the beginning of its story again.

    Raises Invalid for a promise that needs proof; NotFound for another's product.
    """
    actor.must_be(Role.MANAGER)
    product = own_product(actor, product_id)
    body = clean(body, lines=True)[:BODY_MAX_CHARS]
    if promised := claims(body):
        raise Invalid(
            N_("Chưa nói được điều này khi chưa có giấy tờ: %(words)s."),
            remedy=N_("Bỏ chữ ấy rồi lưu lại."), field="body", words=", ".join(promised),
        )  # fmt: skip
    row = db.session.get(ShareCaption, product.id)
    if not body:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(
            ShareCaption(
                product_id=product.id, body=body, written_at=clock.now(), written_by_id=actor.user_id
            )
        )
    else:
        row.body, row.written_at, row.written_by_id = body, clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "write caption", f"product:{product.id}", ("body",))


def make_links(actor: Actor, product_id: int) -> None:
    """A link for each channel of the kit; those that are there stay. Raises NotFound for another's product."""
    for channel, _hint in KIT:
        make_link(actor, product_id, channel.value)
