"""Documents go out signed, once under one key, and a system that is down harms nothing here."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from office.connectors import operations
from office.connectors.models import ConnectorAccount, ConnectorLetter
from office.connectors.rules import Document, Down, Kind, Refused, checks, outcome, signature
from office.connectors.senders import FileConnector, HttpConnector
from office.connectors.tasks import send_letters
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.factories.cooperatives import create_cooperative, manager_of

SECRET = "khoá ký của bài thử"  # sixteen characters and more, beyond ASCII
BODY = {"document": "chophien.passport", "closed_fields": False, "tên": "miến dong"}


class Office(ThreadingHTTPServer):
    """A receiver that checks what it gets, counts each key once, and can be told to misbehave."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.weather, self.calls, self.kept = 200, 0, {}
        self.faults: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/nhan"


class _Desk(BaseHTTPRequestHandler):
    server: Office

    def do_POST(self) -> None:
        office = self.server
        office.calls += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers.get("Idempotency-Key", "")
        mark = self.headers.get("X-ChoPhien-Signature", "")
        if not checks(SECRET, mark, key, body, now=int(NOW.timestamp()), within_s=10**6):
            office.faults.append("signature")
        if office.weather == 200:
            if office.kept.setdefault(key, body) != body:
                office.faults.append("another body under an old key")
            answer = json.dumps({"receipt": f"SO-{len(office.kept)}"}).encode()
        else:
            answer = b"no"
        self.send_response(office.weather)
        if office.weather == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def office() -> Iterator[Office]:
    server = Office()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
    assert server.faults == []


@pytest.fixture
def coop(ctx):
    return create_cooperative()


def connector(address, kind=Kind.HTTP, cooperative=None, key="connector-1"):
    admin = actor_for(Role.ADMINISTRATOR)
    own = cooperative.id if cooperative else None
    with transaction():
        return operations.add_connector(admin, key, kind, "Cổng tỉnh", address, SECRET, own).id


def posted(me, place, key="letter-0001", subject="lot:1 tt02-2024"):
    with transaction():
        return operations.post(me, key, place, subject, BODY).id


def letter(letter_id):
    db.session.expire_all()
    return db.session.get_one(ConnectorLetter, letter_id)


def test_a_signature_belongs_to_its_key_its_body_and_its_hour():
    mark = signature(SECRET, 1_000, "k1", b"{}")
    assert checks(SECRET, mark, "k1", b"{}", now=1_100)
    assert not any((
        checks(SECRET, mark, "k2", b"{}", now=1_100), checks(SECRET, mark, "k1", b"{ }", now=1_100),
        checks("khác" * 5, mark, "k1", b"{}", now=1_100), checks(SECRET, mark, "k1", b"{}", now=2_000),
        checks(SECRET, "", "k1", b"{}", now=1_000), checks(SECRET, "t=²,v1=", "k1", b"{}", now=1_000),
    ))  # fmt: skip


@pytest.mark.parametrize("status, meaning", [(302, Refused), (400, Refused), (404, Refused), (408, Down), (429, Down),
                                             (500, Down), (503, Down)])  # fmt: skip
def test_a_no_and_trouble_of_theirs_are_two_things(status, meaning):
    with pytest.raises(meaning):
        outcome(status, "")
    assert outcome(202, "x").number == "x"


def test_a_letter_reaches_the_office_signed_and_brings_back_its_number(coop, office):
    me, place = manager_of(coop), connector(office.address)
    sent = posted(me, place)
    assert posted(me, place) == sent  # a second tap
    assert send_letters() == 1 and send_letters() == 0
    done = letter(sent)
    assert (done.work_state, done.receipt, office.calls) == ("done", "SO-1", 1)
    assert json.loads(next(iter(office.kept.values()))) == BODY


def test_the_same_key_for_another_document_is_a_conflict(coop, office):
    me, place = manager_of(coop), connector(office.address)
    posted(me, place)
    with pytest.raises(Conflict):
        posted(me, place, subject="lot:2 tt02-2024")


def test_an_office_that_is_down_costs_one_call_says_so_and_gets_everything_later_once(coop, office):
    me, place = manager_of(coop), connector(office.address)
    office.weather = 503
    waiting = [posted(me, place, f"letter-{number:04}") for number in range(3)]
    send_letters()
    assert office.calls == 1 and db.session.get_one(ConnectorAccount, place).failures_count == 1
    assert {letter(one).work_state for one in waiting} == {"pending"}
    assert send_letters() == 0  # nobody is asked again before the pause is over
    office.weather = 200
    with clock.use(NOW + timedelta(minutes=5)):
        send_letters()
    assert {letter(one).work_state for one in waiting} == {"done"} and len(office.kept) == 3
    assert db.session.get_one(ConnectorAccount, place).failures_count == 0


def test_what_nobody_answers_is_down_too():
    dead = HttpConnector("http://127.0.0.1:9/", SECRET, timeout_s=0.5)
    with pytest.raises(Down):
        dead.send(Document("k", "s", b"{}"))


def test_a_no_ends_the_letter_at_once_and_a_manager_may_send_it_again(coop, office):
    me, place = manager_of(coop), connector(office.address)
    office.weather = 422
    sent = posted(me, place)
    send_letters()
    assert (letter(sent).work_state, letter(sent).refused) == ("dead", "status 422")
    assert db.session.get_one(ConnectorAccount, place).failures_count == 0
    office.weather = 200
    with pytest.raises(NotFound), transaction():
        operations.try_again(manager_of(create_cooperative("HTX Bạn")), sent)
    with transaction():
        operations.try_again(me, sent)
    send_letters()
    assert letter(sent).work_state == "done"


def test_no_redirect_is_followed(coop, office):
    office.weather = 302
    sent = posted(manager_of(coop), connector(office.address))
    send_letters()
    assert letter(sent).refused == "status 302" and office.calls == 1


def test_into_a_folder_the_same_key_is_the_same_file(tmp_path):
    box = FileConnector(tmp_path / "out", SECRET, now=lambda: 1_000)
    for _twice in range(2):
        assert box.send(Document("1-abc", "lot:1", b"{}")).number == "1-abc.json"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"1-abc.json", "1-abc.sig"}
    assert checks(SECRET, (tmp_path / "out" / "1-abc.sig").read_text(), "1-abc", b"{}", now=1_000)


def test_a_folder_that_cannot_be_written_is_down(tmp_path):
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(Down):
        FileConnector(tmp_path / "out", SECRET).send(Document("k", "s", b"{}"))


def test_only_an_administrator_says_whom_our_server_calls_and_folders_stay_in_their_place(coop):
    with pytest.raises(NotAllowed), transaction():
        operations.add_connector(manager_of(coop), "connector-9", Kind.HTTP, "X", "http://127.0.0.1/", SECRET)
    for kind, address, secret in ((Kind.FILE, "../etc", SECRET), (Kind.FILE, "a/b", SECRET),
                                  (Kind.HTTP, "ftp://x", SECRET), (Kind.HTTP, "https://x", "short")):  # fmt: skip
        with pytest.raises(Invalid), transaction():
            operations.add_connector(actor_for(Role.ADMINISTRATOR), "connector-8", kind, "X", address, secret)


def test_one_cooperatives_connector_is_not_anothers_and_its_secret_is_stored_sealed(coop, office):
    place = connector(office.address, cooperative=coop)
    with pytest.raises(NotFound):
        posted(manager_of(create_cooperative("HTX Bạn")), place)
    assert SECRET.encode() not in db.session.get_one(ConnectorAccount, place).secret


def test_the_page_of_letters_says_that_nobody_accepted_the_format_and_why_one_waits(app, client, office):
    with app.app_context():
        coop = create_cooperative()
        me = manager_of(coop)
        office.weather = 500
        posted(me, connector(office.address))
        send_letters()
        db.session.remove()
    sign_in(client, me.user_id)
    page = client.get("/manage/passports/letters").text
    assert "Chưa được hệ thống nào chấp nhận" in page and "Nơi nhận chưa trả lời" in page
