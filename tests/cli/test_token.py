"""Tokens from the command line, on a server behind a socket."""

from __future__ import annotations

import getpass
import io
import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from penstock.cli import remote, token
from penstock.cli.remote import RemoteFailed
from penstock.core.tokens.formats import exported
from tests.core.tokens.formats.payloads import (
    BASE32,
    aegis_encrypted,
    aegis_entry,
    aegis_plain,
    twofas_encrypted,
    twofas_plain,
    twofas_service,
)
from tests.support.in_process import InProcessServer
from tests.support.pictures import qr
from tests.support.server import clean_environment

URI = f"otpauth://totp/Acme:ada?secret={BASE32}"
WORDS = "tide weir sluice"
Typed = Callable[[str], None]


@pytest.fixture
def api(in_process: InProcessServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """A client of an organisation whose key the commands have too."""
    monkeypatch.setattr(exported, "MEMORY_KIB", 64)  # the full cost is the subject of the tests of the format
    org = in_process.new_org()
    monkeypatch.setenv(remote.URL, in_process.base_url)
    monkeypatch.setenv(remote.ORG, org.organization_id)
    monkeypatch.setenv(remote.API_KEY, org.api_key)
    with in_process.client(org) as client:
        yield client


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Sets what comes from standard input."""

    def set_input(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return set_input


def secret_of(api: httpx.Client, name: str) -> str:
    return str(api.get(f"/api/v2/tokens/{name}/seed").raise_for_status().json()["secret"])


def picture(folder: Path, *texts: str) -> Path:
    path = folder / "code.png"
    path.write_bytes(qr(*texts))
    return path


def test_a_token_from_each_source(api: httpx.Client, typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    token.add("by-picture", qr=picture(tmp_path, URI))
    token.add(qr=picture(tmp_path, URI))
    token.add("by-uri", uri=URI)
    typed(f"{URI}\n")
    token.add("by-line", uri_stdin=True)
    typed(f"{BASE32}\r\n")
    token.add("by-secret", secret_stdin=True, issuer="Acme", account="bob")
    names = ["by-picture", "acme-ada", "by-uri", "by-line", "by-secret"]
    assert {secret_of(api, name) for name in names} == {BASE32}
    assert api.get("/api/v2/tokens/by-secret").json()["account"] == "bob"
    printed = capsys.readouterr().out
    assert "by-picture: created\n1 created\n" in printed
    assert "by-secret was created\n" in printed
    assert BASE32 not in printed


def test_one_source_and_a_name_are_required(api: httpx.Client) -> None:
    for options in ({}, {"uri": URI, "secret_stdin": True}):
        with pytest.raises(RemoteFailed, match="exactly one of"):
            token.add("x", **options)  # type: ignore[arg-type]
    with pytest.raises(RemoteFailed, match="name of the token is required"):
        token.add(uri=URI)


def test_what_the_server_says_is_one_line(api: httpx.Client, tmp_path: Path) -> None:
    with pytest.raises(RemoteFailed, match=r"^uri\.digits: must be 6 to 8$"):
        token.add("x", uri=f"{URI}&digits=9")
    with pytest.raises(RemoteFailed, match=r"^picture: counter-based"):
        token.add("x", qr=picture(tmp_path, "otpauth://hotp/x?secret=AA"))
    (tmp_path / "code.png").write_bytes(b"GIF89a")
    with pytest.raises(RemoteFailed, match="must be a PNG or JPEG"):
        token.add("x", qr=tmp_path / "code.png")


def test_the_list(api: httpx.Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token, "PER_PAGE", 2)
    for name in ("c", "a", "b"):
        token.add(name, uri=URI)
    capsys.readouterr()
    token.list_(json=True)
    rows = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in rows] == ["a", "b", "c"]
    token.list_(search="Acme")
    printed = capsys.readouterr().out
    assert [line.split()[1] for line in printed.splitlines() if "Acme" in line] == ["a", "b", "c"]
    assert BASE32 not in printed


@pytest.mark.parametrize(
    "content",
    [
        f"# mine\n{URI}\n",
        aegis_plain(aegis_entry()),
        aegis_encrypted(WORDS, aegis_entry()),
        twofas_plain(twofas_service()),
        twofas_encrypted(WORDS, twofas_service()),
    ],
    ids=["uris", "aegis", "aegis encrypted", "2fas", "2fas encrypted"],
)
def test_the_format_of_a_file_is_recognised(api: httpx.Client, tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text(content)
    (tmp_path / "words").write_text(f"{WORDS}\n")
    token.import_(tmp_path / "file", passphrase_file=tmp_path / "words")
    assert secret_of(api, "acme-ada") == BASE32


def test_outcomes_are_printed(api: httpx.Client, typed: Typed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed(f"{URI}\notpauth://hotp/Bank:1?secret={BASE32}\n")
    token.import_(Path("-"), dry_run=True)
    token.import_(picture(tmp_path, URI))
    token.import_(picture(tmp_path, URI), conflict="rename")
    assert capsys.readouterr().out.splitlines() == [
        "acme-ada: created",
        "Bank:1: left out (counter-based tokens (HOTP) are not supported, only time-based ones (TOTP))",
        "Dry run: 1 created, 1 left out",
        "acme-ada: created",
        "1 created",
        "acme-ada-2: renamed",
        "1 renamed",
    ]


def test_an_export_is_a_private_file_that_can_be_imported(
    api: httpx.Client, in_process: InProcessServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token.add("one", uri=URI)
    token.add("two", uri=URI)
    words, file = tmp_path / "words", tmp_path / "tokens.json"
    words.write_text(WORDS)
    token.export(file, "two", passphrase_file=words)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert BASE32 not in file.read_text()
    with pytest.raises(FileExistsError):
        token.export(file, passphrase_file=words)
    token.export(tmp_path / "plain", format_="otpauth")
    assert (tmp_path / "plain").read_text().count(f"secret={BASE32}") == 2
    org = in_process.new_org()
    monkeypatch.setenv(remote.ORG, org.organization_id)
    monkeypatch.setenv(remote.API_KEY, org.api_key)
    token.import_(file, passphrase_file=words)
    with in_process.client(org) as other:
        assert [one["name"] for one in other.get("/api/v2/tokens").json()["data"]] == ["two"]


def test_an_export_that_fails_leaves_no_file(api: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "words").write_text("short")
    with pytest.raises(RemoteFailed, match="at least 12 characters"):
        token.export(tmp_path / "tokens.json", passphrase_file=tmp_path / "words")
    assert not (tmp_path / "tokens.json").exists()


def test_a_passphrase_is_typed_twice(api: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token.add("one", uri=URI)
    typed = iter([WORDS, WORDS, WORDS, "another"])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    token.export(tmp_path / "first")
    with pytest.raises(RemoteFailed, match="differ"):
        token.export(tmp_path / "second")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(RemoteFailed, match="--passphrase-file is required"):
        token.import_(tmp_path / "first")


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token, "MAX_FILE_BYTES", 3)
    (tmp_path / "file").write_text("four")
    with pytest.raises(RemoteFailed, match="more than 3 bytes"):
        token.import_(tmp_path / "file")


def test_as_a_program_with_standard_input(api: httpx.Client, in_process: InProcessServer) -> None:
    names = {"PENSTOCK_URL": in_process.base_url, "PENSTOCK_ORG": api.headers["X-Organization-Id"]}
    environment = clean_environment(names | {"PENSTOCK_API_KEY": api.headers["X-API-Key"]})
    command = [sys.executable, "-m", "penstock.cli.main", "token", "add", "piped", "--secret-stdin"]
    done = subprocess.run(command, input=BASE32, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert (done.stdout, done.stderr) == ("piped was created\n", "")
    assert secret_of(api, "piped") == BASE32
