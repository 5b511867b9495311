"""Codes on the command line and in pipelines, from a running server."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from penstock.cli import code as command
from penstock.cli.remote import RemoteFailed
from tests.api.v2.tokens.test_routes import BASE32, key
from tests.support.server import Org, RunningServer, run_cli

from .commands import refusal

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "tokens.md"
OTHER = pyotp.TOTP(BASE32, interval=60)


@pytest.fixture(scope="module")
def environment(server: RunningServer, acme: Org) -> Iterator[dict[str, str | None]]:
    """What a person or pipeline has that gets codes of the token `deploy`."""
    with server.client(acme) as api:
        body = {"name": "deploy", "secret": BASE32, "period_s": 60}
        assert api.post("/api/v2/tokens", json=body).status_code == 201
        yield {"PENSTOCK_URL": server.base_url, "PENSTOCK_API_KEY": key(api, "tokens:code")["X-API-Key"]}
        api.delete("/api/v2/tokens/deploy")


def test_the_code_is_all_that_is_printed(environment: dict[str, str | None]) -> None:
    done = run_cli("code", "deploy", environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert OTHER.verify(done.stdout.strip(), valid_window=1)
    assert done.stdout == f"{done.stdout.strip()}\n"


def test_one_line_says_what_is_wrong(environment: dict[str, str | None]) -> None:
    assert refusal(run_cli("code", "none", environment=environment)) == "token none was not found"
    assert refusal(run_cli("code", "../me", environment=environment)) == "this path was not found"
    assert "PENSTOCK_API_KEY is not set" in refusal(
        run_cli("code", "deploy", environment=environment | {"PENSTOCK_API_KEY": None})
    )
    wrong = environment | {"PENSTOCK_API_KEY": "psk_wrong"}
    assert "psk_wrong" not in refusal(run_cli("code", "deploy", environment=wrong))
    foreign = environment | {"PENSTOCK_ORG": "org_0c2k9fq7w3a0d"}
    assert "organi" in refusal(run_cli("code", "deploy", environment=foreign))
    gone = environment | {"PENSTOCK_URL": "http://127.0.0.1:9"}
    assert refusal(run_cli("code", "deploy", environment=gone)).startswith("PENSTOCK_URL: ")


def test_a_consumed_code_is_refused(server: RunningServer, acme: Org, environment: dict[str, str | None]) -> None:
    with server.client(acme) as api:
        api.post("/api/v2/tokens", json={"name": "once", "secret": BASE32, "period_s": 300}).raise_for_status()
        ends = [run_cli("code", "once", "--consume", environment=environment) for _ in range(3)]
        assert ends[0].returncode == 0
        assert re.match(r"the current code of token once was consumed; the next one begins in \d+ s", refusal(ends[2]))
        api.delete("/api/v2/tokens/once")


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A server that always has one code, and a folder in which alone programs are found."""
    monkeypatch.setattr(command, "call", lambda *_, **__: {"code": "497539", "expires_in_s": 26, "period_s": 30})
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_a_program_copies(fixed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    for name in ("wl-copy", "xclip"):
        (fixed / name).write_text(f'#!/bin/sh\n/bin/cat >"{fixed}/copied by {name} $*"\n')
        (fixed / name).chmod(0o755)
    command.code("aws-prod", copy=True)
    assert capsys.readouterr().out == "Copied; valid for 26 s.\n"
    assert (fixed / "copied by xclip -selection clipboard").read_text() == "497539"
    assert not (fixed / "copied by wl-copy ").exists(), "without Wayland it would fail"


@pytest.mark.usefixtures("fixed")
def test_without_program_and_terminal_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RemoteFailed, match="nothing here can copy"):
        command.code("aws-prod", copy=True)
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("fixed")
def test_a_terminal_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    main, terminal = pty.openpty()
    try:
        monkeypatch.setattr(command, "TERMINAL", Path(os.ttyname(terminal)))
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)
        command.code("aws-prod", copy=True)
        assert os.read(main, 100) == b"\x1b]52;c;NDk3NTM5\x07"
    finally:
        os.close(main)
        os.close(terminal)


def test_a_server_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "call", lambda *_, **__: None)
    with pytest.raises(RemoteFailed, match="is PENSTOCK_URL right"):
        command.code("aws-prod")


def pipelines() -> list[str]:
    """The commands of the pipelines that the guide shows, as a shell gets them."""
    shown = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    after = [re.split(r"(?:run: \||script:)\n", one)[1] for one in shown]
    return ["\n".join(line.strip().removeprefix("- ") for line in one.splitlines()) for one in after]


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="curl or jq is not installed here")
@pytest.mark.parametrize("number", [0, 1], ids=["GitHub Actions", "GitLab CI"])
def test_the_pipelines_of_the_guide(
    number: int, server: RunningServer, acme: Org, environment: dict[str, str | None], tmp_path: Path
) -> None:
    commands = pipelines()
    assert len(commands) == 2
    (tmp_path / "deploy").write_text('#!/bin/sh\necho "deployed with $2"\n')
    (tmp_path / "deploy").chmod(0o755)
    with server.client(acme) as api:
        api.post("/api/v2/tokens", json={"name": "aws-prod", "secret": BASE32, "period_s": 60}).raise_for_status()
        script = commands[number].replace("https://iot.example.org", server.base_url)
        # As the two services run them: the first failure ends a job.
        own = {"PATH": os.environ["PATH"]} | {name: str(value) for name, value in environment.items() if name != "PENSTOCK_URL"}
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env=own, capture_output=True, text=True, check=False
        )
        api.delete("/api/v2/tokens/aws-prod")
    assert (done.returncode, done.stderr) == (0, "")
    deployed = done.stdout.splitlines()[-1].split()[-1]
    assert OTHER.verify(deployed, valid_window=1)
    masked = [line for line in done.stdout.splitlines() if "::" in line]
    assert masked == ([f"::add-mask::{deployed}"] if number == 0 else [])
