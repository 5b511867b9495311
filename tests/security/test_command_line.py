"""Each command either only reads, or leaves its trace in the audit log of every organisation that it acted on; and each file that
it leaves can be read by its owner alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cyclopts import App

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.cli.get import NOUNS
from penstock.cli.main import build_app
from penstock.core.audit.chain import verify
from tests.cli.older import older_data_dir
from tests.support.server import clean_environment, run_cli, start_server
from tests.support.waiting import awaited

READS_ONLY: dict[str, tuple[str, ...]] = {
    "audit verify": ("{export}",),
    "doctor": ("--data-dir", "{data}"),
    "key list": ("--data-dir", "{data}", "--org", "Acme"),
    "org list": ("--data-dir", "{data}"),
    "user list": ("--data-dir", "{data}"),
    "vault status": ("--data-dir", "{data}"),
}
KEY = ("--data-dir", "{data}", "--org", "Acme", "--key-id", "{key}")
ORG = ("--data-dir", "{data}", "--org", "Acme")
USER = ("--data-dir", "{data}", "--email", "acme@example.org")
AUDITED: dict[str, tuple[str, tuple[str, ...]]] = {
    "backup": ("server.backup", ("{folder}/again.tar", "--data-dir", "{data}")),
    "bootstrap": ("org.create", ("--data-dir", "{data}", "--org", "New", "--email", "new@example.org")),
    "key create": ("apikey.create", (*ORG, "--name", "made", "--scopes", "devices:read")),
    "key rotate": ("apikey.rotate", KEY),
    "key revoke": ("apikey.revoke", KEY),
    "org suspend": ("org.suspend", ORG),
    "org resume": ("org.resume", ORG),
    "org set-plan": ("billing.plan.change", (*ORG, "--plan", "free")),
    "user suspend": ("user.suspend", USER),
    "user resume": ("user.resume", USER),
    "user set-password": ("auth.password.reset", USER),
    "user remove-mfa": ("auth.mfa.disable", USER),
    "restore": ("server.restore", ("{folder}/backup.tar", "--data-dir", "{folder}/restored")),
    "migrate": ("server.migrate", ("--data-dir", "{older}")),
    "vault rotate-master": ("server.master_key.rotate", ("--data-dir", "{data}")),
    "vault forget-master": ("server.master_key.forget", ("--data-dir", "{data}")),
    "vault shred": ("vault.keys.shred", (*ORG, "--confirm", "Acme")),
    "serve": ("server.migrate", ("--data-dir", "{older}", "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0")),
}
"""With each command the action that it is recorded as, and its arguments."""
AT_A_DISTANCE = {"code", "mcp", "tail", "send", "import", "export"} | {
    f"{noun} {verb}"
    for noun, verbs in {
        "token": ("list", "add", "import", "export"),
        "secret": ("list", "get", "set", "delete", "versions"),
        "get": ("devices", "sensors", "latest", "history", *NOUNS),
    }.items()
    for verb in verbs
}
"""Commands that call the API of a server, which records what they do; they know no data directory."""
OF_THE_USER = {f"profile {verb}" for verb in ("add", "list", "use", "remove")}
"""Commands about a file of the user's own, of servers at a distance."""
FIRST = {"org resume": "org suspend", "user resume": "user suspend", "vault forget-master": "vault rotate-master"}
ELSEWHERE = {"restore": "restored", "migrate": "older", "serve": "older"}
"""Commands that act on another data directory than that of the running server, by its name."""
COMMANDS = {**{name: args for name, (_, args) in AUDITED.items()}, **READS_ONLY}


def leaves(app: App, prefix: str = "") -> Iterator[str]:
    for name in app:
        if not name.startswith("-"):
            inner = list(leaves(app[name], f"{prefix}{name} "))
            yield from inner or [f"{prefix}{name}"]


def test_each_command_is_in_one_of_the_tables() -> None:
    assert set(leaves(build_app(described=True))) == READS_ONLY.keys() | AUDITED.keys() | AT_A_DISTANCE | OF_THE_USER
    assert not READS_ONLY.keys() & AUDITED.keys()
    assert not (AT_A_DISTANCE | OF_THE_USER) & (READS_ONLY.keys() | AUDITED.keys())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder that every test gets a copy of, with a directory of an organisation, an export, a backup and an older directory;
    and the id of a key."""
    folder = tmp_path_factory.mktemp("made")
    data = folder / "data"
    first = run_cli("bootstrap", "--data-dir", str(data), "--org", "Acme", "--email", "acme@example.org", "--json")
    assert first.returncode == 0, first.stderr
    key = run_cli("key", "create", *(part.format(data=data) for part in ORG), "--name", "k", "--scopes", "all", "--json")
    assert run_cli("backup", str(folder / "backup.tar"), "--data-dir", str(data)).returncode == 0
    (folder / "export.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows(data)))
    older_data_dir(folder / "older")
    with closing(sqlite3.connect(data / CONTROL_FILE)) as connection, connection:
        factor = "INSERT INTO second_factors (user_id, sealed, algorithm, digits, created_us, confirmed_us, last_step) "
        connection.execute(factor + "SELECT id, x'00', 'SHA1', 6, 1, 1, 0 FROM users")
    return folder, json.loads(key.stdout)["key_id"]


@pytest.fixture
def given(made: tuple[Path, str], tmp_path: Path) -> dict[str, str]:
    """What the arguments name."""
    folder, key_id = made
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return {
        "data": str(tmp_path / "data"),
        "folder": str(tmp_path),
        "older": str(tmp_path / "older"),
        "export": str(tmp_path / "export.ndjson"),
        "key": key_id,
    }


def rows(data: Path) -> list[dict[str, object]]:
    """All rows of all chains, in the form of exports."""
    from penstock.adapters.storage.sqlite.audit import stored_chains
    from penstock.adapters.storage.sqlite.connection import connect
    from penstock.core.audit.chain import document

    with closing(connect(data / CONTROL_FILE, read_only=True)) as connection:
        return [document(entry) for _, _, entries in stored_chains(connection) for entry in entries]


def run(name: str, given: dict[str, str]) -> None:
    """Run a command to its end; a server until it listens."""
    args = [part.format(**given) for part in COMMANDS[name]]
    if name == "serve":
        server = start_server(Path(given["older"]))
        server.process.terminate()
        server.process.wait(60)
        assert server.process.stdout is not None
        server.process.stdout.close()
        return
    done = run_cli(*name.split(), *args, environment={"PENSTOCK_HTTP_PORT": "0"})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", AUDITED)
def test_what_it_changes_is_in_the_audit_log(given: dict[str, str], name: str) -> None:
    data = Path(given["folder"]) / ELSEWHERE.get(name, "data")
    if name in FIRST:
        run(FIRST[name], given)
    known = {row["hash"] for row in rows(data if data.exists() else Path(given["data"]))}
    run(name, given)
    new = [row for row in rows(data) if row["hash"] not in known]
    assert AUDITED[name][0] in {row["action"] for row in new}
    assert {(row["actor_kind"], row["user"], row["outcome"]) for row in new} == {("system", "operator", "success")}


@pytest.mark.parametrize("name", READS_ONLY)
def test_what_only_reads_leaves_no_row(given: dict[str, str], name: str) -> None:
    before = rows(Path(given["data"]))
    run(name, given)
    assert rows(Path(given["data"])) == before
    assert verify(before).broken is None


OPEN_UMASK = 'umask 000; exec "$0" -m penstock.cli.main "$@"'
"""As a shell starts a server; the other commands are forked with such a umask, which is what the shell leaves them."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_file_that_it_leaves_is_its_owner_s(given: dict[str, str], name: str) -> None:
    """In a directory that is open to everyone, from a shell that would let everyone in."""
    folder = Path(given["folder"])
    for path in [folder, *folder.iterdir()]:
        path.chmod(0o777)
    for path in folder.rglob("*"):  # what an older program left
        if path.is_file() and path.name != "export.ndjson":
            is_control = path.name.startswith(CONTROL_FILE) and path.parent.name == "data"
            path.chmod(0o666 if is_control and name in OPENS_CONTROL else 0o600)
    before = {path: path.stat().st_mode for path in folder.rglob("*") if path.is_dir()}
    if name in FIRST:
        run(FIRST[name], given)
    run_openly(name, given)
    assert shared(folder, before) == []


OPENS_CONTROL = set(AUDITED) - {"restore", "migrate", "serve"}


def run_openly(name: str, given: dict[str, str]) -> None:
    args = [*name.split(), *(part.format(**given) for part in COMMANDS[name])]
    environment = {"PENSTOCK_HTTP_PORT": "0"}
    if name == "serve":
        words = ["sh", "-c", OPEN_UMASK, sys.executable, *args]
        served(words, clean_environment(environment), Path(given["older"]))
        return
    done = run_cli(*args, environment=environment, umask=0)
    assert done.returncode == 0, done.stderr


def served(words: list[str], environment: dict[str, str], data: Path) -> None:
    """A server that has stored a reading and written a mail: while it runs, all its files are there."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            assert "is listening on" in process.stdout.readline()
            awaited(lambda: list((data / "telemetry").glob("*.db")))
            assert shared(data, {path: path.stat().st_mode for path in [data]}) == []
        finally:
            process.terminate()


def shared(folder: Path, known: dict[Path, int]) -> list[str]:
    """What others may access below a folder, apart from folders that were there before."""
    found = []
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if path.name == "export.ndjson" or path in known or stat.S_ISLNK(mode):
            continue
        if stat.S_IMODE(mode) & 0o077:
            found.append(f"{path.relative_to(folder)} {stat.S_IMODE(mode):o}")
    return found
