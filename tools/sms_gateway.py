"""A gateway for trying SMS by hand and in tests: it speaks as docs/sms.md says, and shows instead of sending.

python tools/sms_gateway.py 8025      and in another terminal      SMS_URL=http://127.0.0.1:8025/send ./run
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SILENT, BREAKS_OFF = 0, -1
"""Answers that are none: to take the SMS and say nothing for a while, or to hang up."""


@dataclass(frozen=True)
class Taken:
    """One SMS as it came."""

    key: str
    to: str
    text: str
    sender: str | None
    authorization: str | None


@dataclass
class Gateway:
    """What the gateway has taken, and what it is to say next (else 202).

    It takes every SMS whose answer is 2xx, 5xx or none: those are the cases in which nobody else can know. A second
    SMS under the same key is taken too, so that tests see it; a real gateway answers 409.
    """

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    pause_seconds: float = 0
    loud: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, sms: Taken) -> int:
        """Take an SMS, or not; returns the answer."""
        with self.lock:
            answer = self.answers.pop(0) if self.answers else 202
            if answer < 300 or answer >= 500:
                self.taken.append(sms)
        if self.loud:
            print(f"SMS to {sms.to} ({len(sms.text)} characters): {sms.text}", flush=True)
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take what is posted and answer as told."""
        gateway: Gateway = self.server.gateway  # type: ignore[attr-defined]
        written = self.rfile.read(length := int(self.headers["Content-Length"]))
        if len(written) < length:
            return  # who was sending died in the middle of it: nothing was ordered
        body = json.loads(written)
        key, authorization = self.headers["Idempotency-Key"], self.headers["Authorization"]
        answer = gateway.take(Taken(key, body["to"], body["text"], body.get("from"), authorization))
        time.sleep(gateway.pause_seconds)
        self.close_connection = True
        if answer > SILENT:
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of requests: they are about phones."""


def serve_gateway(gateway: Gateway, port: int = 0) -> ThreadingHTTPServer:
    """A server for it on this machine; ``gateway.url`` says where it is. The caller lets it serve and shuts it down."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = True
    server.gateway = gateway  # type: ignore[attr-defined]
    gateway.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    return server


if __name__ == "__main__":
    by_hand = Gateway(loud=True)
    waiting = serve_gateway(by_hand, int(sys.argv[1]) if len(sys.argv) > 1 else 8025)
    print(f"SMS_URL={by_hand.url}   (Ctrl-C ends it)", flush=True)
    try:
        waiting.serve_forever()
    except KeyboardInterrupt:
        waiting.server_close()
