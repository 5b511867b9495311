"""Who may see the inside of the server: its metrics, and why a part of it is not ready. It is the operator.

The operator is recognised in one of three ways: by calling the listener for metrics, if there is one (then the HTTP port does
not serve them at all); by the token, if one is set; otherwise by calling from this machine, under its own name and not through a
proxy, behind which every caller seems to. The check is in the operation itself, so that no spelling of its path avoids it.
"""

from __future__ import annotations

import hmac
import ipaddress

from penstock.api.system.config import MetricsConfig
from penstock.core.tenancy.errors import CredentialInvalid, CredentialMissing
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.http import App, Receive, RouteNotFound, Scope, Send, credential, send_problem
from penstock.kit.request_id import new_request_id

_PROXIED = frozenset(
    {
        b"forwarded",
        b"via",
        b"x-real-ip",
        b"x-client-ip",
        b"x-cluster-client-ip",
        b"x-envoy-external-address",
        b"x-original-forwarded-for",
        b"cf-connecting-ip",
        b"fastly-client-ip",
        b"true-client-ip",
    }
)
"""Headers that proxies add, besides those that begin with `x-forwarded`. Source: RFC 7239; RFC 9110, 7.6.3; the usual proxies."""


class MetricsNotAllowed(PenstockError):
    """The caller is not recognised as the server's operator."""

    kind, code = Kind.FORBIDDEN, "metrics.not_allowed"
    message = "metrics are only for the operator: call from the server's own machine, or set metrics.token or metrics.listen"


class OperatorGate:
    """Recognises the operator. `ports` are those of the listener for metrics, filled when it listens."""

    def __init__(self, config: MetricsConfig) -> None:
        self._has_listener = config.listen
        self._token = config.token.encode()
        self.ports: set[int] = set()

    def check(self, scope: Scope) -> None:
        """Check that the caller is the operator.

        Raises:
            RouteNotFound: metrics are served by another listener.
            CredentialMissing, CredentialInvalid: a token is set, and the caller does not have it.
            MetricsNotAllowed: neither is set, and the caller is not on this machine.
        """
        if self._has_listener and not self.on_listener(scope):
            raise RouteNotFound()
        if self._token:
            given = credential(scope)
            if given is None:
                raise CredentialMissing()
            if not hmac.compare_digest(given, self._token):
                raise CredentialInvalid()
        elif not self._has_listener and not _is_local(scope):
            raise MetricsNotAllowed()

    def admits(self, scope: Scope) -> bool:
        """Whether the caller is the operator."""
        try:
            self.check(scope)
        except PenstockError:
            return False
        return True

    def on_listener(self, scope: Scope) -> bool:
        """Whether a request came to the listener for metrics."""
        server = scope.get("server")
        return server is not None and server[1] in self.ports


class MetricsListener:
    """An application in front of another: the listener for metrics serves only what monitoring needs."""

    PATHS = frozenset({b"/metrics", b"/health", b"/ready", b"/ping"})

    def __init__(self, app: App, gate: OperatorGate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._serves(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await send_problem(send, RouteNotFound(), new_request_id())
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _serves(self, scope: Scope) -> bool:
        if scope["type"] == "lifespan" or not self._gate.on_listener(scope):
            return True
        return scope["type"] == "http" and scope["raw_path"] in self.PATHS


def _is_local(scope: Scope) -> bool:
    """Whether a call comes from this machine, as far as can be seen: without a header of a proxy."""
    client = scope.get("client")
    try:
        peer = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return False
    if isinstance(peer, ipaddress.IPv6Address):
        peer = peer.ipv4_mapped or peer
    if not peer.is_loopback or any(name in _PROXIED or name.startswith(b"x-forwarded") for name, _ in scope["headers"]):
        return False
    return all(_names_this_machine(value.decode("latin-1")) for name, value in scope["headers"] if name == b"host")


def _names_this_machine(host: str) -> bool:
    """Whether a Host is this machine's. A page in a browser here can call the server by a name that its author resolves to it."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    try:
        return name.lower().rstrip(".") == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
