"""Comments become drafts: read in one go, in few statements however many they are; what is unsure waits for a person.

What is put aside here holds no stock: the sheet counts it off what it shows, and the order alone reserves, as at any
other door. Comments of one sale are taken one paste after the other: the sale's row is locked.

Two people may carry one name. A comment goes to one of them by its phone number; a name that has, or may have, two
people gives nobody anything without a number: the comment waits, and a person says whose it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.queries import PackFact
from channels.live import queries
from channels.live.models import LiveBuyer, LiveComment, LiveLine, LiveSale
from channels.live.rules import COMMENTS_MAX, Outcome, Said, key_of, split_comments
from channels.reading.contacts import Contact
from channels.reading.goods import Good, Shelf
from channels.reading.queries import on_sale, province_names, read, shelf_of
from channels.reading.rules import Intent, Item, read_message
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from places.queries import find_address

_HAS_PHONE = re.compile(r"\d[\d .\-]{7,}\d")
_WITHOUT_GOODS = {Intent.ASK: Outcome.ASKED, Intent.CANCEL: Outcome.TAKEN_BACK, Intent.NONE: Outcome.TALK}


@dataclass
class Taken:
    """What a paste brought: comments that were new, and how many of each outcome."""

    new: int = 0
    again: int = 0
    of: dict[Outcome, int] = field(default_factory=dict)


@dataclass
class Desk:
    """What is needed while comments are read. left: pieces still free, by pack; people: buyers by name, the first
    first; doubted: names of which a comment waits for a person to say whose it is; places: typed → its one commune.
    """

    packs: Mapping[int, PackFact]
    shelf: Shelf
    shown: Good | None
    left: dict[int, int]
    people: dict[str, list[LiveBuyer]]
    doubted: set[str]
    provinces: frozenset[str]
    places: dict[str, int | None] = field(default_factory=dict)


def take(actor: Actor, sale: LiveSale, text: str) -> Taken:
    """Read comments out of a paste or a file and put goods aside. The same paste again changes nothing.

    Raises Invalid where no comment is found ("name: words" a line), or more than 2,000.
    """
    actor.must_be(Role.MANAGER)
    said = split_comments(text)
    if not said:
        raise Invalid(
            N_("Chưa thấy bình luận nào."),
            remedy=N_("Mỗi dòng một bình luận, ví dụ Hoa: m1 x2."),
            field="text",
        )
    if len(said) > COMMENTS_MAX:
        raise Invalid(N_("Nhiều quá %(most)s bình luận một lần."), remedy=N_("Dán từng phần."), field="text",
                      most=COMMENTS_MAX)  # fmt: skip
    known = queries.digests(sale.id)
    fresh = [one for one in said if one.digest not in known]
    desk, taken = _desk(sale), Taken(len(fresh), len(said) - len(fresh))
    _greet(sale, desk, fresh)
    comments, drafts = [], []
    for one in fresh:
        comment = LiveComment(live_sale_id=sale.id, body=one.body, digest=one.digest, at=clock.now())
        drafts.append(_read(desk, comment, desk.people[key_of(one.name)]))
        comments.append(comment)
        outcome = Outcome(comment.outcome)
        taken.of[outcome] = taken.of.get(outcome, 0) + 1
    _keep(sale, comments, drafts)
    audit(actor, "take comments", f"live_sale:{sale.id}")
    return taken


def _desk(sale: LiveSale) -> Desk:
    packs, goods = on_sale(sale.cooperative_id), queries.goods_of(sale.id)
    shelf = shelf_of(packs, {one.pack_id: one.code for one in goods})
    shown = next((one.pack_id for one in goods if one.is_shown), None)
    return Desk(
        packs=packs, shelf=shelf,
        shown=next((one for one in shelf.goods if one.pack_id == shown), None),
        left=queries.left(sale.cooperative_id, packs),
        people=_people(sale), doubted=queries.doubted(sale.id), provinces=province_names(),
    )  # fmt: skip


def _people(sale: LiveSale) -> dict[str, list[LiveBuyer]]:
    found: dict[str, list[LiveBuyer]] = {}
    for one in queries.buyers_of(sale.id):
        found.setdefault(one.name_key, []).append(one)
    return found


def _greet(sale: LiveSale, desk: Desk, said: Sequence[Said]) -> None:
    """A row for everybody whose name was not heard before."""
    new: dict[str, str] = {}
    for one in said:
        if key_of(one.name) not in desk.people:
            new.setdefault(key_of(one.name), one.name)
    if new:
        rows = [{"live_sale_id": sale.id, "name_key": key, "name": name} for key, name in new.items()]
        db.session.execute(insert(LiveBuyer), rows)
        desk.people = _people(sale)


def _keep(sale: LiveSale, comments: Sequence[LiveComment], drafts: Sequence[list[LiveLine]]) -> None:
    """Write new comments, then what came of each. Three statements."""
    if not comments:
        return
    names = ("live_sale_id", "live_buyer_id", "body", "digest", "outcome", "note", "at")
    db.session.execute(
        insert(LiveComment), [{name: getattr(one, name) for name in names} for one in comments]
    )
    written = select(LiveComment.digest, LiveComment.id).where(
        LiveComment.live_sale_id == sale.id, LiveComment.digest.in_([one.digest for one in comments])
    )
    ids = dict(db.session.execute(written).tuples().all())
    rows = [
        {"live_buyer_id": comment.live_buyer_id, "live_comment_id": ids[comment.digest], "pack_id": line.pack_id,
         "quantity": line.quantity, "is_unmet": line.is_unmet}
        for comment, lines in zip(comments, drafts, strict=True) for line in lines
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(LiveLine), rows)
    db.session.flush()


def _read(desk: Desk, comment: LiveComment, people: Sequence[LiveBuyer]) -> list[LiveLine]:
    """Say whose a comment is and what becomes of it; the lines that it puts aside, or that could not be met."""
    contact = (
        read(comment.body, desk.shelf, desk.provinces).contact if _HAS_PHONE.search(comment.body) else None
    )
    phone = contact.phone if contact is not None else ""
    message = read_message(comment.body, desk.shelf, desk.shown)
    buyer = _whose(desk, people, phone)
    comment.live_buyer_id, comment.note = (buyer or people[0]).id, ""
    if buyer is None and (phone or message.intent in (Intent.ORDER, Intent.CANCEL)):
        desk.doubted.add(people[0].name_key)
        comment.outcome, comment.note = Outcome.WHOSE, phone
        return []
    if buyer is not None and contact is not None:
        _note_contact(desk, buyer, contact)
    comment.outcome = _WITHOUT_GOODS.get(message.intent, Outcome.PUT)
    if message.intent is not Intent.ORDER:
        return []
    comment.outcome, comment.note, lines = _put_aside(desk, message.items)
    return lines


def _whose(desk: Desk, people: Sequence[LiveBuyer], phone: str) -> LiveBuyer | None:
    """The one person that a comment under this name can be of; None where a person has to say."""
    if phone and (known := next((one for one in people if one.phone == phone), None)):
        return known
    if len(people) > 1 or people[0].name_key in desk.doubted or (phone and people[0].phone):
        return None
    return people[0]


def _put_aside(desk: Desk, items: Sequence[Item]) -> tuple[Outcome, str, list[LiveLine]]:
    """Put aside what is certain and there; what is certain and not there stands as unmet; what is not certain, and what
    it may be, stands in the comment's note.
    """
    outcome, notes, lines = Outcome.PUT, [], []
    for item in items:
        if item.pack is None:
            outcome = Outcome.UNSURE
            notes.append(f"{item.said}: {', '.join(f'{one.name} {one.label}' for one in item.packs[:6])}")
            continue
        pack_id = item.pack.pack_id
        short = desk.left.get(pack_id, 0) < item.quantity
        lines.append(LiveLine(pack_id=pack_id, quantity=item.quantity, is_unmet=short))
        if short:
            outcome = Outcome.UNSURE if outcome is Outcome.UNSURE else Outcome.SOLD_OUT
        else:
            desk.left[pack_id] -= item.quantity
    return (outcome, "; ".join(notes)[:300], lines) if items else (Outcome.UNSURE, "", [])


def _note_contact(desk: Desk, buyer: LiveBuyer, found: Contact) -> None:
    """Keep what a comment says for the parcel, where nothing is known yet."""
    for name in ("phone", "address_line", "place"):
        said = str(getattr(found, name))
        if said and not getattr(buyer, name):
            setattr(buyer, name, said[:200])
    if not buyer.place or buyer.commune_id is not None:
        return
    if buyer.place not in desk.places:
        unit = find_address(buyer.place).exact
        desk.places[buyer.place] = unit.id if unit else None
    buyer.commune_id = desk.places[buyer.place]


def belongs(actor: Actor, sale: LiveSale, comment_id: int, buyer_id: int | None) -> LiveBuyer:
    """A person says whose a waiting comment is: a buyer of that name, or (None) somebody else of the same name.

    It is read as if it had just come, and so are others of the name that no longer leave a doubt. A number in it is
    that buyer's from now on. Twice is harmless. Raises NotFound for a comment or a buyer of another sale or name.
    """
    actor.must_be(Role.MANAGER)
    comment = db.session.get(LiveComment, comment_id)
    if comment is None or comment.live_sale_id != sale.id:
        raise NotFound(N_("Không có bình luận này."))
    first = queries.buyer_of(sale.id, comment.live_buyer_id)
    if comment.outcome != Outcome.WHOSE or comment.settled_at is not None:
        return first
    desk = _desk(sale)
    people = desk.people[first.name_key]
    if buyer_id is None:
        owner = LiveBuyer(live_sale_id=sale.id, name_key=first.name_key, name=first.name, twin=len(people))
        db.session.add(owner)
        db.session.flush()
    elif not (mine := [one for one in people if one.id == buyer_id]):
        raise NotFound(N_("Không có khách này trong buổi bán."))
    else:
        owner = mine[0]
    owner.phone = comment.note or owner.phone
    _again(desk, comment, owner)
    _release(desk, sale, owner.name_key)
    audit(actor, "say whose comment", f"live_comment:{comment.id}")
    return owner


def _again(desk: Desk, comment: LiveComment, owner: LiveBuyer) -> None:
    """Read a comment that waited, as of one person."""
    desk.doubted.discard(owner.name_key)
    for line in _read(desk, comment, [owner]):
        line.live_buyer_id, line.live_comment_id = owner.id, comment.id
        db.session.add(line)
    db.session.flush()


def _release(desk: Desk, sale: LiveSale, name_key: str) -> None:
    """Read comments that waited only because their name was in doubt: of the number that they carry, or of the only
    person of that name when no other number is left to be asked about.
    """
    people = queries.named(sale.id, name_key)
    waiting = list(db.session.execute(
        select(LiveComment).where(
            LiveComment.live_sale_id == sale.id, LiveComment.outcome == Outcome.WHOSE, LiveComment.settled_at.is_(None),
            LiveComment.live_buyer_id.in_([one.id for one in people]),
        ).order_by(LiveComment.id)
    ).scalars())  # fmt: skip
    by_phone = {one.phone: one for one in people if one.phone}
    strange = [one for one in waiting if one.note and one.note not in by_phone]
    for one in waiting:
        if one.note in by_phone:
            _again(desk, one, by_phone[one.note])
        elif not one.note and not strange and len(people) == 1:
            _again(desk, one, people[0])
