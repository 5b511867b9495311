"""The certificates of all authorities, read once for a process: clients and servers read them that never call another host."""

from __future__ import annotations

import functools
import ssl
from typing import Any

import httpx

from penstock.adapters.outbound import client


def make_certificates_quick() -> None:
    """Let the clients of this process share a context for TLS, and its servers another."""
    create = httpx.create_ssl_context
    default = functools.cache(create)

    def context(verify: Any = True, cert: Any = None, trust_env: bool = True) -> ssl.SSLContext:
        return default() if verify is True and cert is None else create(verify, cert, trust_env)

    httpx._transports.default.create_ssl_context = context
    client._tls = functools.cache(client._tls)
