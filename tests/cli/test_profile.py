"""`penstock profile`: servers under names, whose keys are never shown."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import refusal
from tests.support.server import Org, RunningServer, run_cli


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def run(home: Path, *args: str, key: str | None = None, entered: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"XDG_CONFIG_HOME": str(home), **variables} | ({"PENSTOCK_API_KEY": key} if key else {})
    return run_cli(*args, environment=environment, entered=entered.encode())


def test_a_server_is_added_used_by_every_command_and_forgotten(home: Path, server: RunningServer, acme: Org) -> None:
    added = run(home, "profile", "add", "home", "--url", f"{server.base_url}/", entered=f"{acme.api_key}\n")
    assert (added.returncode, added.stdout) == (0, "home was added, and is in use.\n"), added.stderr
    assert run(home, "get", "projects", "--json").returncode == 0
    assert run(home, "secret", "list", "--json").returncode == 0  # the commands of before, too
    other = run(
        home, "profile", "add", "away", "--url", server.base_url, "--organization", acme.organization_id, key=acme.api_key
    )
    assert other.stdout == "away was added.\n", other.stderr
    listed = json.loads(run(home, "profile", "list", "--json").stdout)
    assert listed == [
        {"name": "away", "url": server.base_url, "organization": acme.organization_id, "in_use": False},
        {"name": "home", "url": server.base_url, "organization": None, "in_use": True},
    ]
    shown = run(home, "profile", "list")
    assert acme.api_key not in shown.stdout
    assert "away" in shown.stdout
    assert run(home, "profile", "use", "away").stdout == "away is in use.\n"
    assert run(home, "profile", "remove", "away").stdout == "away was removed.\n"
    assert "PENSTOCK_URL is not set; or add a server" in refusal(run(home, "get", "projects"))
    assert run(home, "get", "projects", "--profile", "home").returncode == 0
    assert run(home, "get", "projects", PENSTOCK_PROFILE="home").returncode == 0


def test_the_environment_counts_before_the_profile_in_use_and_a_named_profile_before_that(
    home: Path, server: RunningServer, acme: Org
) -> None:
    assert run(home, "profile", "add", "home", "--url", server.base_url, key=acme.api_key).returncode == 0
    # Never the address of one and the key of the other: a server would get the key of another.
    assert "PENSTOCK_API_KEY is not set" in refusal(run(home, "get", "projects", PENSTOCK_URL="http://127.0.0.1:1"))
    assert "PENSTOCK_URL is not set" in refusal(run(home, "get", "projects", key="psk_1"))
    refused = refusal(run(home, "get", "projects", key="psk_1", PENSTOCK_URL="http://127.0.0.1:1"))
    assert refused.startswith("PENSTOCK_URL: no answer from the server")
    found = run(home, "get", "projects", "--profile", "home", key="psk_1", PENSTOCK_URL="http://127.0.0.1:1")
    assert found.returncode == 0, found.stderr


def test_a_key_that_does_not_work_is_not_kept(home: Path, server: RunningServer) -> None:
    refused = refusal(run(home, "profile", "add", "home", "--url", server.base_url, key="psk_unknown"))
    assert "psk_unknown" not in refused
    assert "401" in refused
    assert json.loads(run(home, "profile", "list", "--json").stdout) == []
    assert run(home, "profile", "add", "home", "--url", server.base_url, "--no-check", key="psk_unknown").returncode == 0
    assert "already exists; pass --replace" in refusal(run(home, "profile", "add", "home", "--url", server.base_url, key="psk_2"))
    replaced = run(home, "profile", "add", "home", "--url", server.base_url, "--no-check", "--replace", key="psk_2")
    assert replaced.returncode == 0


def test_what_cannot_be_a_profile_is_one_line(home: Path) -> None:
    assert "the name must have" in refusal(run(home, "profile", "add", "a/b", "--url", "https://x", key="psk_1"))
    assert "--url must begin with" in refusal(run(home, "profile", "add", "a", "--url", "x", key="psk_1"))
    assert "--url must begin with" in refusal(run(home, "profile", "add", "a"))
    assert "a key is required" in refusal(run(home, "profile", "add", "a", "--url", "https://x", entered="\n"))
    assert "there is no profile" in refusal(run(home, "profile", "use", "none"))
    assert "there is no profile" in refusal(run(home, "profile", "remove", "none"))
