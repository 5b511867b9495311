"""Help and bad usage: what people see who do not know the commands yet."""

from __future__ import annotations

import re

import pytest
from cyclopts import CycloptsError

from penstock import __version__
from penstock.cli.main import build_app
from tests.support.server import run_cli

from .commands import output, refusal

COMMANDS = {
    ("serve",): ["--data-dir", "--http", "--demo", "--config"],
    ("bootstrap",): ["--data-dir", "--org", "--email", "--json"],
    ("org",): ["list", "suspend", "resume", "set-plan"],
    ("org", "list"): ["--data-dir", "--json"],
    ("user",): ["list", "suspend", "resume", "set-password", "remove-mfa"],
    ("user", "suspend"): ["--data-dir", "--email"],
    ("org", "suspend"): ["--data-dir", "--org"],
    ("org", "set-plan"): ["--data-dir", "--org", "--plan"],
    ("key",): ["create", "list", "rotate", "revoke"],
    ("key", "rotate"): ["--data-dir", "--org", "--key-id", "--overlap-minutes", "--json"],
    ("key", "revoke"): ["--data-dir", "--org", "--key-id"],
    ("code",): ["NAME", "--copy", "--consume"],
    ("secret",): ["list", "get", "set", "delete", "versions"],
    ("secret", "list"): ["--query", "--managed", "--json"],
    ("secret", "get"): ["NAME", "--version"],
    ("secret", "set"): ["NAME", "--file", "--description"],
    ("secret", "versions"): ["NAME", "--json"],
    ("token",): ["list", "add", "import", "export"],
    ("token", "list"): ["--search", "--json"],
    ("token", "add"): ["NAME", "--qr", "--uri", "--uri-stdin", "--secret-stdin", "prefer --uri-stdin"],
    ("token", "import"): ["FILE", "--format", "--conflict", "--dry-run", "--passphrase-file"],
    ("token", "export"): ["FILE", "NAMES", "--format", "--passphrase-file"],
    ("vault",): ["status", "rotate-master", "forget-master", "shred"],
    ("audit",): ["verify"],
    ("audit", "verify"): ["FILE", "--head"],
    ("key", "create"): ["--data-dir", "--org", "--name", "--scopes", "--expires-days", "--cidrs", "--single-use", "--style"],
    ("key", "list"): ["--data-dir", "--org", "--json"],
    ("backup",): ["FILE", "--data-dir", "--config", "--force"],
    ("restore",): ["FILE", "--data-dir"],
    ("migrate",): ["--data-dir"],
    ("doctor",): ["--data-dir", "--json"],
    ("mcp",): ["--url", "--organization", "--tools", "--profile"],
    ("get",): ["devices", "sensors", "latest", "history", "alerts", "connections", "customers", "dashboards", "keys", "projects"],
    ("get", "devices"): ["IDS", "--query", "--label", "--connectivity", "--project", "--limit", "--json", "--profile"],
    ("get", "latest"): ["DEVICES", "--by", "--json", "--profile"],
    ("get", "history"): ["DEVICE", "--from", "--to", "--range", "--fields", "--order", "--limit", "--json", "--profile"],
    ("get", "rules"): ["IDS", "--query", "--limit", "--json", "--profile"],
    ("tail",): ["DEVICES", "--keys", "--kinds", "--alerts", "--commands", "--connectivity", "--cursor", "--count", "--json"],
    ("send",): ["DEVICE", "VALUES", "--stdin", "--time", "--kind", "--channel", "--dedupe-key", "--json", "--profile"],
    ("import",): ["FILE", "--device", "--time-column", "--rejected", "--parallel", "--patience", "--again", "--late", "--json"],
    ("export",): ["DEVICES", "--output", "-o", "--format", "--from", "--to", "--range", "--fields", "--profile"],
    ("profile",): ["add", "list", "use", "remove"],
    ("profile", "add"): ["NAME", "--url", "--organization", "--use", "--replace", "--no-check"],
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_names_every_option(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    words = [*command, "--help"]
    with pytest.raises(SystemExit) as ended:
        build_app()(words)
    assert not ended.value.code
    printed = capsys.readouterr().out
    assert [word for word in COMMANDS[command] if word not in printed] == []


@pytest.mark.parametrize("words", [("--help",), ("-h",), ()])
def test_the_list_of_commands_says_what_each_does(words: tuple[str, ...]) -> None:
    listed = dict(re.findall(r"^│ (\w+) +(\w.*?) *│$", output(*words), re.MULTILINE))
    assert listed.keys() == {command[0] for command in COMMANDS}


def test_the_version_is_told() -> None:
    assert output("--version").strip() == __version__


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["flush"], "flush"),
        (["serve", "--bad"], "--bad"),
        (["backup"], "FILE"),
        (["restore", "b.tar", "c.tar", "--data-dir", "x"], "c.tar"),
        (["key", "create", "--data-dir", "x"], "--org"),
        (["doctor"], "--data-dir"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bad_usage_says_what_is_missing(words: list[str], told: str) -> None:
    with pytest.raises(CycloptsError) as caught:
        build_app()(words, exit_on_error=False, print_error=False)
    assert told in str(caught.value)


def test_bad_usage_is_one_line_and_exit_2() -> None:
    told = refusal(run_cli("backup", "b.tar"), status=2)
    assert told == 'Command "backup" parameter --data-dir requires an argument (see --help)'
