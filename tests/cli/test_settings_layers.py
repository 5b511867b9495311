"""Defaults, file, environment, flags: each layer over the one before, on the real command."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import clean_environment, run_cli

from .commands import refusal


@pytest.fixture
def ports() -> Iterator[list[int]]:
    """Four ports that are taken, so that a server tells which one it wanted."""
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    found = [one.getsockname()[1] for one in taken]
    yield found
    for one in taken:
        one.close()


def test_each_layer_lies_over_the_one_before(tmp_path: Path, ports: list[int]) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "penstock.toml").write_text(f"[http]\nport = {ports[0]}\n")
    (tmp_path / "other.toml").write_text(f"[http]\nport = {ports[1]}\n")
    data, environment = ("serve", "--data-dir", str(tmp_path / "data")), {"PENSTOCK_HTTP_PORT": str(ports[2])}
    config = ("--config", str(tmp_path / "other.toml"))
    flag = ("--http", f"127.0.0.1:{ports[3]}")
    layers = [
        run_cli(*data),
        run_cli(*data, *config),
        run_cli(*data, *config, environment=environment),
        run_cli(*data, *config, *flag, environment=environment),
    ]
    assert [refusal(done).split(": ")[0] for done in layers] == [f"cannot listen on 127.0.0.1:{port}" for port in ports]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[http]\nprot = 1\n", "penstock.toml: no key http.prot"),
        ("[http]\nport = '1'\n", "penstock.toml: Expected `int`, got `str` - at `$.http.port`"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "penstock.toml").write_text(text)
    assert refusal(run_cli("serve", "--data-dir", str(tmp_path))).startswith(told)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PENSTOCK_HTTP_PROT", "1", "PENSTOCK_HTTP_PROT: no setting http.prot"),
        ("PENSTOCK_HTTP_PORT", "many", "PENSTOCK_HTTP_PORT: expected a value like 8080"),
    ],
)
def test_a_mistake_in_the_environment_is_named(tmp_path: Path, name: str, value: str, told: str) -> None:
    assert name not in clean_environment()
    assert refusal(run_cli("serve", "--data-dir", str(tmp_path), environment={name: value})) == told


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run_cli("serve", "--data-dir", str(tmp_path), "--config", str(tmp_path / "none.toml"))
    assert "none.toml" in refusal(done)
