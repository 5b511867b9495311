"""Secrets from the command line, over HTTP: values come from files and pipes, and errors are one line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.api.v2.secrets.callers import make_secret, new_name, with_scopes
from tests.support.server import Org, RunningServer, run_cli

from .commands import refusal


class Shell:
    """Calls of `penstock secret` with a key."""

    def __init__(self, server: RunningServer, org: Org, api_key: str) -> None:
        self._variables = {
            "PENSTOCK_URL": server.base_url,
            "PENSTOCK_ORG": org.organization_id,
            "PENSTOCK_API_KEY": api_key,
        }

    def run(self, *args: str, entered: bytes = b"") -> subprocess.CompletedProcess[str]:
        return run_cli("secret", *args, environment=self._variables, entered=entered)

    def output(self, *args: str, entered: bytes = b"") -> str:
        done = self.run(*args, entered=entered)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def shell(server: RunningServer, acme: Org) -> Shell:
    return Shell(server, acme, acme.api_key)


def test_a_secret_is_set_read_and_deleted(shell: Shell, tmp_path: Path) -> None:
    name, file = new_name("cli"), tmp_path / "value"
    file.write_bytes("zwei\nZeilen ü\r\n".encode())
    assert "was created" in shell.output("set", name, "--description", "of the plant", entered=b"one\n")
    assert shell.output("get", name) == "one"
    assert shell.output("set", name, "--file", str(file)) == f"{name} has version 2.\n"
    assert shell.output("get", name) == "zwei\nZeilen ü"
    assert shell.output("get", name, "--version", "1") == "one"
    assert [one["version"] for one in json.loads(shell.output("versions", name, "--json"))] == [2, 1]
    (listed,) = json.loads(shell.output("list", "--query", name, "--json"))
    assert (listed["description"], "value" in listed) == ("of the plant", False)
    assert name in shell.output("list", "--query", name)
    assert shell.output("delete", listed["id"]) == f"{listed['id']} was deleted.\n"
    assert "was not found" in refusal(shell.run("get", listed["id"]))


@pytest.mark.parametrize(
    ("entered", "said"),
    [(b"", "must have 1 to 65536 bytes"), (b"\n", "must have 1 to"), (b"x" * 65_537, "must have 1 to"), (b"\xff", "UTF-8")],
)
def test_what_is_no_value_is_refused(shell: Shell, entered: bytes, said: str) -> None:
    assert said in refusal(shell.run("set", new_name(), entered=entered))


def test_what_the_server_says_is_one_line(server: RunningServer, acme: Org, api: httpx.Client, shell: Shell) -> None:
    made = make_secret(api, "v-one")
    narrow = Shell(server, acme, with_scopes(api, "secrets:read")["X-API-Key"])
    assert refusal(narrow.run("get", made["name"])) == "the scope secrets:reveal is required"
    assert refusal(shell.run("get", "no-such-secret")) == "secret no-such-secret was not found"
    assert "name: " in refusal(shell.run("set", "no name", entered=b"v"))
