"""Keys from the command line, beside a running server."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest

from penstock.cli.key import create as create_key
from penstock.core.tenancy.scopes import ALL
from penstock.kit.clock import DAY_US, parse_time
from penstock.kit.errors import PenstockError
from tests.support.server import RunningServer, run_cli

from .commands import output, refusal


def create(server: RunningServer, *more: str) -> dict[str, object]:
    printed = output("key", "create", "--data-dir", str(server.data_dir), "--org", "Acme", *more, "--json")
    assert len(printed.splitlines()) == 1
    made: dict[str, object] = json.loads(printed)
    return made


def headers(made: dict[str, object]) -> dict[str, str]:
    return {"X-API-Key": str(made["api_key"]), "X-Organization-Id": str(made["organization_id"])}


def test_a_key_may_do_what_its_scopes_say_and_no_more(server: RunningServer) -> None:
    made = create(server, "--name", "reader", "--scopes", "devices:read, telemetry:read")
    assert list(made) == ["organization_id", "key_id", "name", "scopes", "expires_at", "api_key"]
    assert made["scopes"] == ["devices:read", "telemetry:read"]
    assert made["expires_at"] is None
    with httpx.Client(base_url=server.base_url, headers=headers(made)) as api:
        assert api.get("/api/v2/devices").status_code == 200
        refused = api.post("/api/v2/devices", json={"name": "x"})
        assert refused.status_code == 403
        assert "devices:write" in refused.text


def test_all_scopes_and_an_end(server: RunningServer) -> None:
    made = create(server, "--name", "everything", "--scopes", "all", "--expires-days", "30")
    assert set(made["scopes"]) == ALL  # type: ignore[arg-type]
    left_us = parse_time(made["expires_at"]) - int(time.time() * 1e6)
    assert 29.9 * DAY_US < left_us < 30.1 * DAY_US
    assert httpx.get(f"{server.base_url}/api/v2/me", headers=headers(made)).status_code == 200


def test_for_people_the_value_comes_with_a_warning(server: RunningServer) -> None:
    command = ("--data-dir", str(server.data_dir), "--org", "Acme")
    printed = output("key", "create", *command, "--name", "by hand", "--scopes", "devices:read")
    value = next(line.split()[1] for line in printed.splitlines() if line.startswith("api_key"))
    assert printed.splitlines()[-1] == "Copy the key now: it is not shown again."
    table = output("key", "list", *command)
    assert "by hand" in table
    assert value[:8] in table
    assert value not in table


def test_keys_are_listed_newest_first_without_their_values(server: RunningServer) -> None:
    made = create(server, "--name", "newest", "--scopes", "devices:read")
    listed = json.loads(output("key", "list", "--data-dir", str(server.data_dir), "--org", "Acme", "--json"))
    assert listed[0] == {
        "key_id": made["key_id"],
        "name": "newest",
        "prefix": str(made["api_key"])[:8],
        "status": "active",
        "scopes": ["devices:read"],
        "root": "operator",
        "created_at": listed[0]["created_at"],
        "expires_at": None,
        "last_used_at": None,
    }
    assert listed[-1]["name"] == "first key"
    assert str(made["api_key"]) not in json.dumps(listed)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"org": "Nobody"}, "organisation Nobody was not found"),
        ({"scopes": "devices:red"}, "devices:red is not a known scope"),
        ({"scopes": "all,devices:read"}, "all is not a known scope"),
        ({"scopes": " , "}, "--scopes must name at least one scope"),
        ({"name": " "}, "--name must be"),
        ({"name": "Reports\x1b[2J"}, "--name must be"),
        ({"name": "x" * 201}, "--name must be"),
        ({"expires_days": 0}, "--expires-days must be"),
    ],
)
def test_what_makes_no_sense_is_refused(server: RunningServer, changes: dict[str, Any], told: str) -> None:
    good = {"data_dir": server.data_dir, "org": "Acme", "name": "x", "scopes": "all"}
    with pytest.raises((PenstockError, SystemExit), match=told):
        create_key(**{**good, **changes})


def test_a_refusal_is_one_line(server: RunningServer) -> None:
    command = ("key", "create", "--data-dir", str(server.data_dir), "--org", "Acme", "--name", "x")
    assert "devices:red is not a known scope" in refusal(run_cli(*command, "--scopes", "devices:red"))
