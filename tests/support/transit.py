"""A transit engine as HashiCorp Vault and OpenBao have it, over a real socket: the parts of its documented API that are called.

Source: developer.hashicorp.com/vault/api-docs/secret/transit. It can be told to fail as the real one does.
"""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN, KEY, MOUNT = "hvs.CAESIJ-fake-token", "penstock", "transit"
SEALED = {"errors": ["Vault is sealed"]}


class FakeTransit:
    """The state of the engine: the versions of its one key, what it is asked, and how it fails."""

    def __init__(self) -> None:
        self.url = ""
        self.keys = [secrets.token_bytes(32)]
        self.min_decryption_version = 1
        self.fails: tuple[int, dict[str, Any]] | None = None
        self.ignores_associated_data = False
        self.raw_answer: bytes | None = None
        self.token = TOKEN
        self.asked: list[tuple[str, dict[str, str]]] = []

    def answer(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        self.asked.append((path, headers))
        if self.fails is not None:
            return self.fails
        if headers.get("x-vault-token") != self.token:
            return 403, {"errors": ["permission denied"]}
        calls = {
            f"/v1/{MOUNT}/encrypt/{KEY}": self._encrypt,
            f"/v1/{MOUNT}/decrypt/{KEY}": self._decrypt,
            f"/v1/{MOUNT}/keys/{KEY}/rotate": self._rotate,
            f"/v1/{MOUNT}/keys/{KEY}/config": self._configure,
        }
        return calls[path](body) if path in calls else (404, {"errors": []})

    def _encrypt(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        nonce = secrets.token_bytes(12)
        plain, version = base64.b64decode(body["plaintext"], validate=True), len(self.keys)
        encrypted = nonce + AESGCM(self.keys[-1]).encrypt(nonce, plain, self._bond(body))
        ciphertext = f"vault:v{version}:{base64.b64encode(encrypted).decode()}"
        return 200, {"data": {"ciphertext": ciphertext, "key_version": version}, "lease_id": ""}

    def _decrypt(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        parts = body["ciphertext"].split(":", 2)
        if len(parts) != 3 or parts[0] != "vault":
            return 400, {"errors": ["invalid ciphertext: no prefix"]}
        version = int(parts[1].removeprefix("v"))
        if not self.min_decryption_version <= version <= len(self.keys):
            return 400, {"errors": ["ciphertext or signature version is disallowed by policy (too old)"]}
        encrypted = base64.b64decode(parts[2])
        try:
            plain = AESGCM(self.keys[version - 1]).decrypt(encrypted[:12], encrypted[12:], self._bond(body))
        except InvalidTag:
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}

    def _rotate(self, body: dict[str, Any]) -> tuple[int, None]:
        self.keys.append(secrets.token_bytes(32))
        return 204, None

    def _configure(self, body: dict[str, Any]) -> tuple[int, None]:
        self.min_decryption_version = int(body["min_decryption_version"])
        return 204, None

    def _bond(self, body: dict[str, Any]) -> bytes:
        return b"" if self.ignores_associated_data else base64.b64decode(body.get("associated_data", ""))


@contextmanager
def fake_transit(tls: ssl.SSLContext | None = None) -> Iterator[FakeTransit]:
    """A running engine."""
    engine = FakeTransit()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))) or b"{}")
            status, answer = engine.answer(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            content = engine.raw_answer or (b"" if answer is None else json.dumps(answer).encode())
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    engine.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
