"""Help and bad usage: what people see who do not know the commands yet."""

from __future__ import annotations

import re

import pytest

from penstock import __version__
from tests.support.server import run_cli

from .commands import output, refusal

COMMANDS = {
    ("serve",): ["--data-dir", "--http", "--demo", "--config"],
    ("bootstrap",): ["--data-dir", "--org", "--email", "--json"],
    ("key",): ["create", "list"],
    ("key", "create"): ["--data-dir", "--org", "--name", "--scopes", "--expires-days", "--json", "telemetry:read"],
    ("key", "list"): ["--data-dir", "--org", "--json"],
    ("backup",): ["FILE", "--data-dir", "--config", "--force"],
    ("restore",): ["FILE", "--data-dir"],
    ("migrate",): ["--data-dir"],
    ("doctor",): ["--data-dir", "--json"],
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_names_every_option(command: tuple[str, ...]) -> None:
    printed = output(*command, "--help")
    assert [word for word in COMMANDS[command] if word not in printed] == []


def test_every_command_is_in_this_table() -> None:
    listed = set(re.findall(r"^│ (\w+) ", output("--help"), re.MULTILINE))
    assert listed == {command[0] for command in COMMANDS}


def test_the_version_is_told() -> None:
    assert output("--version").strip() == __version__


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("flush",), "flush"),
        (("backup", "b.tar"), "--data-dir"),
        (("restore", "b.tar", "c.tar", "--data-dir", "x"), "c.tar"),
        (("key", "create", "--data-dir", "x"), "--org"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_usage_is_one_line_and_not_zero(args: tuple[str, ...], told: str) -> None:
    assert told in refusal(run_cli(*args), status=2)
