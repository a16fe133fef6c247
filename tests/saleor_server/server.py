"""The shop behind HTTP on loopback, in a thread: GraphQL at /graphql/, its public keys at /.well-known/jwks.json."""

import copy
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.saleor_server.selection import selected
from tests.saleor_server.shop import Refused, Shop


class SaleorServer:
    """A running shop: `with SaleorServer() as server: …`; `server.shop` is what it keeps."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.keys = {"first": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.keys_asked = 0
        self.most_at_once, self._under_way, self._busy = 0, 0, threading.Lock()  # of slow documents

    def __enter__(self) -> "SaleorServer":
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: object) -> None:
                """Quiet."""

            def do_GET(self) -> None:
                outer.keys_asked += 1
                self._send(200, outer.jwks())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, headers, answer = outer.hear(self.headers.get("Authorization", ""), body)
                if status == 0:  # carried out, and the answer lost
                    self.connection.close()
                    return
                self._send(status, answer, headers)

            def _send(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/graphql/"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.shutdown()
        self.thread.join(5)
        self.http.server_close()

    def fresh(self) -> "SaleorServer":
        """As new."""
        self.shop, self.keys_asked, self.most_at_once = Shop(), 0, 0
        return self

    def jwks(self) -> dict[str, Any]:
        """The public keys."""
        rows = []
        for kid, key in self.keys.items():
            row = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
            rows.append(row | {"kid": kid, "use": "sig", "key_ops": ["verify"]})
        return {"keys": rows}

    def sign(self, body: bytes, kid: str = "first") -> str:
        """A detached signature as Saleor makes it."""
        return jwt.api_jws.encode(
            body,
            self.keys[kid],
            algorithm="RS256",
            headers={"kid": kid, "crit": ["b64"]},
            is_payload_detached=True,
        )

    def hear(self, authorization: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        """Answer one document: (status, headers, JSON); status 0 where the answer is lost."""
        shop, given = self.shop, body["variables"]
        found = re.match(r"(?:query|mutation) (\w+)", body["query"])
        assert found, "every document has a name"
        name = found[1]
        for place, (operation, status, headers) in enumerate(shop.fail_next):
            if operation in ("", name):
                del shop.fail_next[place]
                return status, headers, {"errors": [{"message": "not now"}]}
        if too_much := _beyond(body["query"]):
            return 400, {}, _errors("GraphQLError", too_much)
        if wait_s := shop.slow.get(name, 0.0):
            with self._busy:
                self._under_way += 1
                self.most_at_once = max(self.most_at_once, self._under_way)
            time.sleep(wait_s)
            with self._busy:
                self._under_way -= 1
        if authorization != f"Bearer {shop.token}":
            return 200, {}, _errors("InvalidTokenError", "Invalid token")
        try:
            data = shop.answer(name, given)
        except Refused as error:
            return 200, {}, _errors(error.code, error.message)
        shop.calls.append((name, body["query"], given, copy.deepcopy(data)))
        if name in shop.lose_next:
            shop.lose_next.remove(name)
            return 0, {}, None
        return 200, {}, {"data": selected(body["query"], data)}


MUTATIONS_MOST, ALIASES_MOST = (
    4,
    100,
)  # GRAPHQL_MUTATION_COUNT_LIMIT and GRAPHQL_ALIAS_COUNT_LIMIT of Saleor 3.24


def _beyond(document: str) -> str:
    """What Saleor says of a document with too many mutations or aliases; empty for one that it takes."""
    aliases = len(re.findall(r"^  r\d+: ", document, re.MULTILINE))
    if document.startswith("mutation") and aliases > MUTATIONS_MOST:
        return f"Number of mutations exceed the limit of {MUTATIONS_MOST}"
    return f"Number of aliases exceed the limit of {ALIASES_MOST}" if aliases > ALIASES_MOST else ""


def _errors(code: str, message: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"exception": {"code": code}}}], "data": None}
