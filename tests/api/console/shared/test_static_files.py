"""Static files: only those of the folder, with a version in their path."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from penstock.api.console.shared.static_files import StaticFiles


async def served(files: StaticFiles, name: str, method: str = "GET", **headers: str) -> tuple[bool, dict[bytes, bytes], bytes]:
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        raise AssertionError

    scope = {"method": method, "headers": [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]}
    found = await files.serve(name, scope, receive, send)
    return found, dict(messages[0]["headers"]) if messages else {}, messages[1]["body"] if messages else b""


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    folder = tmp_path / "static"
    (folder / "vendor").mkdir(parents=True)
    (folder / "console.css").write_text("a{}" * 1000)
    (folder / "vendor" / "x.js").write_text("1")
    (folder / "notes.txt").write_text("not served")
    (tmp_path / "secret.js").write_text("not served")
    return StaticFiles(folder)


async def test_a_file_is_sent_for_a_year_and_compressed(files: StaticFiles) -> None:
    found, headers, body = await served(files, "console.css", accept_encoding="gzip")
    assert found
    assert gzip.decompress(body) == b"a{}" * 1000
    assert b"immutable" in headers[b"cache-control"]
    assert (await served(files, "console.css"))[2] == b"a{}" * 1000
    assert (await served(files, "console.css", "HEAD"))[2] == b""


@pytest.mark.parametrize("name", ["../secret.js", "notes.txt", "vendor", "", "missing.js", "/console.css"])
async def test_nothing_else_is_sent(files: StaticFiles, name: str) -> None:
    assert not (await served(files, name))[0]


def test_the_path_changes_with_the_files(files: StaticFiles, tmp_path: Path) -> None:
    before = files.path_of("vendor/x.js")
    (tmp_path / "static" / "console.css").write_text("b{}")
    assert StaticFiles(tmp_path / "static").path_of("vendor/x.js") != before
    with pytest.raises(KeyError):
        files.path_of("missing.js")
