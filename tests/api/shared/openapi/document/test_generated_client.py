"""A client that is generated from the document, without any option: it has every operation, imports, and works over a socket."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from penstock.api.shared.openapi.names import operation_name
from tests.security.table import operations
from tests.support.server import Org, RunningServer

GENERATOR = Path(sys.executable).with_name("openapi-python-client")
UNKNOWN_TYPES = ("application/x-ndjson", "application/gzip", "image/png", "image/jpeg", "image/webp", "text/csv")
"""Media types of which the generator makes nothing; the operations have JSON as well, or are a download."""
UNMADE = {"twilioListSMS": "`DateSent`, `DateSent<` and `DateSent>` of Twilio are one name to the generator, which leaves it out"}
USE = """
import sys
from datetime import datetime
from penstock_client import AuthenticatedClient
from penstock_client.api.devices import create_device, list_devices
from penstock_client.models import DeviceCreate, DeviceStatus, Problem

url, key, organization = sys.argv[1:]
client = AuthenticatedClient(base_url=url, token=key)
made = create_device.sync(client=client, body=DeviceCreate(name="generated"), x_organization_id=organization)
assert made.device.name == "generated"
assert isinstance(made.device.created_at, datetime) and made.device.created_at.tzinfo is not None
assert made.device.status is DeviceStatus.ACTIVE
page = list_devices.sync(client=client, x_organization_id=organization, q="generated", limit=1)
assert page.data[0].id == made.device.id
refused = list_devices.sync(client=client, x_organization_id=organization, cursor="nonsense")
assert isinstance(refused, Problem) and refused.errors[0].field == "cursor"
print("used")
"""


@pytest.fixture(scope="module")
def package(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    document = folder / "openapi.json"
    document.write_bytes(httpx.get(f"{server.base_url}/openapi.json").content)
    made = subprocess.run(
        [GENERATOR, "generate", "--path", document, "--output-path", folder / "client"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": f"{GENERATOR.parent}:{os.environ['PATH']}"},
    )
    assert made.returncode == 0, made.stdout + made.stderr
    troubles = [line for line in (made.stdout + made.stderr).splitlines() if re.match("Unsupported|Cannot|ERROR", line)]
    assert [line for line in troubles if not any(one in line for one in UNKNOWN_TYPES)] == []
    return folder / "client"


def test_every_operation_is_a_function(package: Path) -> None:
    made = {file.stem for file in (package / "penstock_client" / "api").rglob("*.py")}
    wanted = {re.sub("_+", "", operation_name(one).lower()): operation_name(one) for one in operations()}
    found = {name.replace("_", "") for name in made}
    assert {name for short, name in wanted.items() if short not in found} == UNMADE.keys()


def test_the_client_is_used(package: Path, server: RunningServer, acme: Org) -> None:
    key = acme.headers()["X-API-Key"] if "X-API-Key" in acme.headers() else acme.headers()["Authorization"].split()[1]
    used = subprocess.run(
        [sys.executable, "-c", USE, server.base_url, key, acme.organization_id],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(package)},
    )
    assert used.stdout == "used\n", used.stderr


def test_every_module_of_the_client_imports(package: Path) -> None:
    names = [
        ".".join(file.relative_to(package).with_suffix("").parts)
        for file in (package / "penstock_client").rglob("*.py")
        if file.name != "__init__.py"
    ]
    assert len(names) > 300
    program = f"import importlib, json\nfor name in json.loads({json.dumps(json.dumps(names))}): importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(package)},
    )
    assert done.returncode == 0, done.stderr
