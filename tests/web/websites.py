"""The web part over a real socket, on a store of its own."""

import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from plugin.service.health import of_store
from plugin.settings import Secret, Settings
from plugin.store import Store, open_store
from plugin.web.app import create_app
from plugin.web.parts import Web
from plugin.web.server import Server
from plugin.web.signature import keys

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8")


@dataclass
class Site:
    """A running web part, and a client that sends exactly what it is told."""

    port: int
    store: Store
    settings: Settings
    web: Web
    ids: list = field(default_factory=list)

    def ask(self, method, path, body=b"", headers=None, *, chunked=False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = dict(headers or {})
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if chunked:
                connection.putheader("Transfer-Encoding", "chunked")
            elif body or method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
            try:
                if chunked:
                    for start in range(0, len(body), 65536):
                        part = body[start : start + 65536]
                        connection.send(b"%x\r\n%s\r\n" % (len(part), part))
                    connection.send(b"0\r\n\r\n")
                elif body:
                    connection.send(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the server refused before it had all; its answer is there to be read
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def form(self, path, fields, **headers):
        from urllib.parse import urlencode

        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.ask("POST", path, urlencode(fields).encode(), sent)

    def signed(self, body, *, webhook_id=None, at=None, secret=SECRET):
        """The headers of a rightly signed request."""
        webhook_id = webhook_id or f"msg_{time.time_ns()}_{len(self.ids)}"
        self.ids.append(webhook_id)
        stamp = str(int(time.time() if at is None else at))
        key = base64.b64decode(secret.removeprefix("whsec_"))
        code = hmac.new(key, f"{webhook_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(code).decode(),
        }

    def post(self, body, **how):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", "/v1/requests", body, self.signed(body, **how))


@contextmanager
def serving(settings, **parts):
    """A web part for these settings, on any free port."""
    store = open_store(settings)
    web = replace(Web(settings, store, lambda: of_store(store), keys(settings.webhook_secrets)), **parts)
    server = Server(create_app(web), settings)
    stop = threading.Event()
    thread = threading.Thread(target=server.run, args=(stop,))
    thread.start()
    try:
        yield Site(server.port, store, settings, web)
    finally:
        stop.set()
        thread.join(10)
        web.reader.close()
        store.close()
    assert not thread.is_alive()


def settings_in(folder, **given):
    base = {"webhook_secrets": (Secret(SECRET),), "listen_port": 0}
    url = Secret(f"sqlite:///{folder / 'antesala.db'}")
    return Settings(home=folder, database_url=url, **{**base, **given})
