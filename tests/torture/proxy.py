"""A bad network: a proxy that delays, cuts a request short, drops the answer after the commit, resets, or goes silent."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import Counter

from tests.journeys.site import free_port

KINDS = ("pass", "delay", "cut", "drop", "reset", "silence")
WEIGHTS = (10, 2, 2, 3, 1, 1)


class Proxy:
    """Passes connections on to the port of a site and does something bad to some of the exchanges."""

    def __init__(self, target: int, seed: str) -> None:
        self.port, self.target, self.dice = free_port(), target, random.Random(seed)
        self.done: Counter[str] = Counter()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        self._open = False
        self._listener.close()

    def _serve(self) -> None:
        while self._open:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connection, args=(client,), daemon=True).start()

    def _connection(self, client: socket.socket) -> None:
        """Exchange after exchange on one connection, until something bad ends it."""
        try:
            with client, socket.create_connection(("127.0.0.1", self.target), timeout=20) as server:
                client.settimeout(60)
                while request := _message(client):
                    kind = self.dice.choices(KINDS, WEIGHTS)[0]
                    self.done[kind] += 1
                    if not self._exchange(kind, request, client, server):
                        return
        except OSError:
            return

    def _exchange(self, kind: str, request: bytes, client: socket.socket, server: socket.socket) -> bool:
        if kind == "cut":
            server.sendall(request[: self.dice.randint(0, len(request) - 1)])
            return False
        if kind == "silence":
            time.sleep(0.5)
            return False
        if kind == "delay":
            time.sleep(self.dice.uniform(0.02, 0.2))
        server.sendall(request)
        reply = _message(server)
        if kind == "drop":  # the server has committed; the page never hears of it
            return False
        if kind == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        client.sendall(reply)
        return bool(reply)


def _message(source: socket.socket) -> bytes:
    """One HTTP message with the body that its head announces; empty when the other side has ended."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = source.recv(65536)
        if not part:
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        part = source.recv(65536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body
