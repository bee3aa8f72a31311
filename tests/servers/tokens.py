"""A token endpoint on loopback (RFC 6749): what it is asked is kept, and it answers what it is told to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from plugin.settings import OAuth2, Secret


class Endpoint:
    """Records what is asked and answers what it is told to."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status = 200
        self.answer: object = {"access_token": "token-1", "expires_in": 3600}
        self.answers: list[object] = []  #: given one after the other, before `answer`

        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                endpoint.asked.append({key: values[0] for key, values in parse_qs(body).items()})
                answer = endpoint.answers.pop(0) if endpoint.answers else endpoint.answer
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(endpoint.status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> OAuth2:
        url = f"http://127.0.0.1:{self.server.server_port}/token"
        return OAuth2(
            url, "client", Secret("s3cret"), Secret("refresh-1"), "https://outlook.office.com/IMAP.AccessAsUser.All"
        )

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
