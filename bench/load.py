"""The client: so many threads, each over one kept connection, sending prepared requests one after the other."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """What one burst of requests showed: per second, and milliseconds at the 50th and 99th percentile."""

    per_second: float
    p50: float
    p99: float
    statuses: dict[int, int]


class Connection:
    """One kept HTTP/1.1 connection that sends bytes as they are and reads what comes back."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send one request; return the status and the body."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        body = self._chunked() if b"chunked" in head.lower() else self._sized(_length(head))
        return int(head[9:12]), body

    def _receive(self) -> None:
        received = self.socket.recv(65536)
        if not received:
            raise ConnectionError("the server closed the connection")
        self.buffer += received

    def _sized(self, length: int) -> bytes:
        while len(self.buffer) < length:
            self._receive()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return body

    def _chunked(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self.buffer:
                self._receive()
            size, _, self.buffer = self.buffer.partition(b"\r\n")
            chunk = self._sized(int(size, 16) + 2)[:-2]
            if not chunk:
                return body
            body += chunk


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def request_bytes(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def etag_of(port: int, path: str) -> str:
    """The ETag under which this address is served, uncompressed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.headers["ETag"])


def burst(port: int, requests: Iterable[bytes], clients: int = 8) -> Measured:
    """Send all the requests from so many clients at once, each request once; how it went."""
    queue = _Shared(iter(requests))
    times: list[tuple[float, int]] = []
    threads = [threading.Thread(target=_client, args=(port, queue, times)) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _measured(times, time.perf_counter() - began)


class _Shared:
    """An iterator that several threads may draw from."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self.source = source
        self.lock = threading.Lock()

    def draw(self) -> bytes | None:
        with self.lock:
            return next(self.source, None)


def _client(port: int, queue: _Shared, times: list[tuple[float, int]]) -> None:
    connection = Connection(port)
    while (request := queue.draw()) is not None:
        began = time.perf_counter()
        status, _body = connection.exchange(request)
        times.append((time.perf_counter() - began, status))
    connection.socket.close()


def _measured(times: list[tuple[float, int]], seconds: float) -> Measured:
    ordered = sorted(taken for taken, _status in times)
    statuses: dict[int, int] = {}
    for _taken, status in times:
        statuses[status] = statuses.get(status, 0) + 1
    return Measured(
        per_second=len(ordered) / seconds,
        p50=1000 * ordered[len(ordered) // 2],
        p99=1000 * ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        statuses=statuses,
    )
