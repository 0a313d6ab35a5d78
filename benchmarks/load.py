"""The client, in a process of its own: `python -m benchmarks.load` reads an Order as JSON and writes what it took.

Plain sockets that stay open: the client must cost less than the cheapest page, or it would flatter the dear ones.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Order:
    """Send each of `messages` once, over `connections` at the same time; every answer must have `status`."""

    port: int
    messages: list[str]
    status: int
    connections: int = 1


@dataclass(frozen=True)
class Took:
    """Seconds of the whole and of each request; bytes of the last answer."""

    seconds: float
    each: list[float]
    size: int

    @property
    def a_second(self) -> float:
        return len(self.each) / self.seconds


def carried_out(order: Order) -> Took:
    """The order, carried out by a process of its own. Raises RuntimeError with the answer that was not expected."""
    command = [sys.executable, "-m", "benchmarks.load"]
    done = subprocess.run(command, input=json.dumps(asdict(order)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Took(**json.loads(done.stdout))


class Connection:
    """One connection that stays open; opened again where the server closed it between two requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, message: bytes) -> tuple[int, bytes]:
        """(status, body) of the answer."""
        try:
            return self._ask(message)
        except ConnectionError:
            self.socket.close()
            self._open()
            return self._ask(message)

    def _ask(self, message: bytes) -> tuple[int, bytes]:
        self.socket.sendall(message)
        answer = bytearray()
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._more()
        head = bytes(answer[:end]).lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(answer) < end + 4 + length:
            answer += self._more()
        return int(head.split(b" ", 2)[1]), bytes(answer[end + 4 :])

    def _more(self) -> bytes:
        if not (found := self.socket.recv(1 << 18)):
            raise ConnectionError("the server closed the connection")
        return found


def send(order: Order) -> Took:
    """Carry the order out in this process."""
    messages = [message.encode() for message in order.messages]
    shares = [messages[first :: order.connections] for first in range(order.connections)]
    open_ones = [Connection(order.port) for _ in shares]
    each: list[float] = []
    faults: list[str] = []
    size = 0

    def work(connection: Connection, share: list[bytes]) -> None:
        nonlocal size
        for message in share:
            begun = time.perf_counter()
            status, body = connection.ask(message)
            each.append(time.perf_counter() - begun)
            size = len(body)
            if status != order.status:
                faults.append(f"{message[:120]!r} answered {status}: {body[:2000]!r}")
                return

    workers = [threading.Thread(target=work, args=pair) for pair in zip(open_ones, shares, strict=True)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - begun
    for connection in open_ones:
        connection.socket.close()
    if faults or len(each) != len(messages):
        raise RuntimeError("\n".join(faults) or "Not every request was answered")
    return Took(seconds, each, size)


if __name__ == "__main__":
    json.dump(asdict(send(Order(**json.load(sys.stdin)))), sys.stdout)
