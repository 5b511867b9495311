"""What a server imports until it is ready. Every start pays for it, and the tests start hundreds of servers.

A library that only some servers or some calls need is imported where it is first used. The slow ones are listed here, so that
none comes back by an import at the top of a module.
"""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from tests.support.server import RunningServer, running_server
from tests.support.waiting import eventually

ON_DEMAND = {
    "cryptography": "secrets that are sealed, tokens and certificates",
    "babel": "documents",
    "email.message": "mail",
    "facturx": "invoices as XML",
    "grpc": "ChirpStack",
    "h11": "outgoing calls",
    "httpcore": "outgoing calls",
    "httpx": "the demo",
    "importlib.metadata": "the archive of the agent",
    "jinja2": "pages of the console",
    "jwt": "tokens of users and agents",
    "penstock.adapters.frontdoor.certificate": "TLS",
    "penstock.adapters.frontdoor.websocket": "WebSockets",
    "penstock.adapters.outbound.client": "outgoing calls",
    "penstock.adapters.signatures": "tokens of users and agents",
    "penstock.demo": "the demo",
    "PIL": "logos",
    "prometheus_client": "metrics",
    "quickjs": "codecs, in processes of their own",
    "segno": "the code on an invoice",
    "smtplib": "mail by SMTP",
    "statistics": "the usual consumption of a meter",
    "tarfile": "backups and the archive of the agent",
    "typst": "documents as PDF",
    "urllib.request": "nothing",
    "websockets": "WebSockets",
}
"""Modules by what they are imported for."""


def imported(server: RunningServer) -> set[str]:
    """The modules that a server has imported so far, as the interpreter reports them on standard error."""
    return set(re.findall(r"^import time: .*\| +([\w.]+)$", server.log(), re.MULTILINE))


def test_a_start_imports_nothing_that_only_some_calls_need(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", orgs=(), environment={"PYTHONPROFILEIMPORTTIME": "1"}) as server:
        found = imported(server)  # also by the first rounds of the workers, as far as they have come
        assert {"penstock.bootstrap.server", "uvicorn.server", "msgspec"} <= found, "the report is read wrongly"
        assert {name: why for name, why in ON_DEMAND.items() if name in found} == {}
        httpx.get(f"{server.base_url}/metrics").raise_for_status()
        assert eventually(lambda: "prometheus_client" in imported(server)), "what is imported later is not seen"
