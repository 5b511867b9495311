"""What the plan of an organisation means for SiliconWit's API: its calls, and whether there are any."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.server import RunningServer, run_cli, running_server
from tests.support.waiting import awaited

SETTINGS = "[plans.tiny]\ncalls_per_minute = 20\n\n[plans.shut]\napi_access = false\n"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data_dir = tmp_path_factory.mktemp("limited") / "data"
    data_dir.mkdir(mode=0o700)
    (data_dir / "penstock.toml").write_text(SETTINGS)
    with running_server(data_dir, orgs=("Tiny", "Shut", "Suspended")) as server:
        yield server


def changed(server: RunningServer, name: str, *command: str) -> None:
    done = run_cli("org", command[0], "--data-dir", str(server.data_dir), "--org", name, *command[1:])
    assert done.returncode == 0, done.stderr


def answered(client: httpx.Client, path: str, status: int) -> httpx.Response:
    """The first answer of this status: another process changed what the server knows."""
    (found,) = awaited(lambda: [answer for answer in [client.get(path)] if answer.status_code == status])
    return found


def test_the_plan_s_minute_is_shared_with_the_native_api(limited: RunningServer) -> None:
    changed(limited, "Tiny", "set-plan", "--plan", "tiny")
    with limited.client(limited.orgs["Tiny"]) as api:
        awaited(lambda: api.get("/api/v2/me").json().get("plan") == "tiny")
        answers = [api.get("/v1/devices" if n % 2 else "/api/v2/devices") for n in range(25)]
    refused = [answer for answer in answers if answer.status_code == 429]
    vendors = next(answer for answer in refused if answer.request.url.path == "/v1/devices")
    assert list(vendors.json()) == ["error"]
    assert (vendors.headers["x-ratelimit-limit"], vendors.headers["x-ratelimit-remaining"]) == ("20", "0")


def test_a_plan_without_api_access_is_refused(limited: RunningServer) -> None:
    changed(limited, "Shut", "set-plan", "--plan", "shut")
    place = ("--data-dir", str(limited.data_dir), "--org", "Shut", "--name", "new", "--scopes", "all")
    made = run_cli("key", "create", *place)  # the plan without API ended the keys there were
    key = next(word for word in made.stdout.split() if word.startswith("psk_"))
    with httpx.Client(base_url=limited.base_url, headers=limited.orgs["Shut"].headers() | {"X-API-Key": key}) as api:
        answered(api, "/api/v2/devices", 200)
        answer = answered(api, "/v1/devices", 403)
        assert list(answer.json()) == ["error"]


def test_a_suspended_organisation_is_told_so(limited: RunningServer) -> None:
    with limited.client(limited.orgs["Suspended"]) as api:
        made = api.post("/api/v2/devices", json={"name": "d"}).json()
        reading = {"device_id": made["device"]["id"], "access_token": made["access_token"], "data": {"n": 1}}
        assert api.post("/api/devices/ingest", json=reading).status_code == 200
        changed(limited, "Suspended", "suspend")
        assert answered(api, "/v1/devices", 403).json() == {"error": "Account suspended"}
        assert api.post("/api/devices/ingest", json=reading).status_code == 403
