"""A mail server and a GOV.UK Notify for tests, on this machine: they keep what they get, or fail as they are told."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as smtplib asks for. `refused`: address -> code; `drops`: goes silent after the mail."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.got: list[EmailMessage] = []
        self.refused: dict[str, int] = {}
        self.drops = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"RCPT":
                address = line.partition(b"<")[2].partition(b">")[0].decode()
                self._say(f"{self.server.refused.get(address, 250)} {address}")
            elif word == b"DATA":
                self._say("354 go on")
                if not self._taken():
                    return
            else:
                self._say("221 bye" if word == b"QUIT" else "250 fine")
                if word == b"QUIT":
                    return

    def _taken(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.server.got.append(found)
        if not self.server.drops:
            self._say("250 taken")
        return not self.server.drops

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class NotifyServer(ThreadingHTTPServer):
    """Takes notifications as GOV.UK Notify does; `answers`: status codes for the next posts, `status` what became."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Api)
        self.got: list[dict[str, Any]] = []
        self.answers: list[int] = []
        self.status = "delivered"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Api(BaseHTTPRequestHandler):
    server: NotifyServer

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        code = self.server.answers.pop(0) if self.server.answers else 201
        if code in (201, 599):  # 599: it is taken, and the answer is lost
            kind = self.path.rpartition("/")[2]
            self.server.got.append({"id": f"number-{len(self.server.got)}", "kind": kind, **sent})
        self._answer(503 if code == 599 else code, self.server.got[-1] if code == 201 else {"errors": []})

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "reference" in asked:
            found = [one for one in self.server.got if one["reference"] == asked["reference"][0]]
            self._answer(200, {"notifications": found, "links": {}})
        else:
            self._answer(200, {"id": self.path.rpartition("/")[2], "status": self.server.status})

    def _answer(self, code: int, body: Any) -> None:
        words = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def running(server: Any) -> Iterator[Any]:
    """The server while it answers."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
