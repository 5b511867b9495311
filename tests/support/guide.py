"""Runs the code blocks of a page from top to bottom against a real server.

What a page takes for granted is there: an organisation with `$KEY` and `$ORG`, a device with `$DEVICE` and `$TOKEN`, and so on.
A block of bash must run as it stands; what `EXPLAINED` lists, and what an earlier block sets, is all that it may use. In what
is shown of HTTP and JSON, the placeholders of ids (`dev_…`, `{id}`) stand for the same things.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx

from penstock.settings import load_settings
from tests.support.code_blocks import Block
from tests.support.forked import penstock_of_a_shell
from tests.support.server import Org, RunningServer, clean_environment
from tests.support.shown_form import differences, read_shown

ROOT = Path(__file__).parents[2]
PLACES = ("/var/lib/", "/backups/")
"""Folders that a page names, which the runner puts into the page's own."""
GRPC = "localhost:9090"
"""Where a page says that gRPC is."""
PLACEHOLDERS = {
    "dev_…": "DEVICE",
    "tok_…": "TOKEN",
    "prf_…": "PROFILE",
    "prj_…": "PROJECT",
    "con_…": "CONNECTION",
    "{device_id}": "DEVICE",
    "devices/{id}": "DEVICE",
    "profiles/{id}": "PROFILE",
}
VARIABLES = ("KEY", "ORG", "EMAIL", "PASSWORD", "ACCESS_TOKEN", "DEVICE", "TOKEN", "PROJECT")
VARIABLES += ("PROFILE", "CONNECTION", "SECRET", "EXECUTION")
PASTED = ("KEY", "ORG", "EMAIL", "PASSWORD")
"""What a shell of the reader has: the line that `penstock bootstrap` prints."""
EXPLAINED = (*PASTED, "DEVICE", "TOKEN")
"""What it also has on a page of the guide, whose first page says how."""
CODEC = (
    "function decodeUplink(input) { return {data: {n: 1}}; } function encodeDownlink(input) { return {bytes: [1], fPort: 1}; }"
)
# Streams have no end: a part of a second shows whether they begin.
CURL = """#!/bin/sh
case " $* " in
*" -N "*) "{curl}" --max-time 0.5 "$@"; status=$?; [ $status = 28 ] && exit 0; exit $status ;;
*) exec "{curl}" "$@" ;;
esac
"""
CURLRC = """silent
show-error
fail-with-body
max-time = 60
connect-to = "localhost:8080:127.0.0.1:{port}"
"""
MISSING = [name for name in ("bash", "curl", "jq") if not shutil.which(name)]
"""Programs that pages use and this machine does not have."""


class BlockFailedError(AssertionError):
    """A block does not do what the page says."""


@contextmanager
def page_on(server: RunningServer, folder: Path) -> Iterator[Page]:
    """A page with things of its own on a server, and a folder of its own."""
    org = server.orgs["Acme"]
    with server.client(org) as api:
        yield Page(folder, server, api, _taken_for_granted(api, org, folder.name))


def _taken_for_granted(api: httpx.Client, org: Org, name: str) -> dict[str, str]:
    """Make what pages take for granted; their variables."""
    made = _made(api, "/api/v2/devices", name=name, type=name)
    device = made["device"]["id"]
    profile = _made(api, "/api/v2/profiles", name=name)["id"]
    _made(api, f"/api/v2/profiles/{profile}/codec-versions", script=CODEC)
    connection = _made(api, "/api/v2/connections", type="chirpstack", name=name)
    wanted = [{"name": "seconds", "type": "integer"}]
    command = _made(api, "/api/v2/commands", device_type=name, name="set_interval", parameters=wanted)["id"]
    execution = _made(api, f"/api/v2/devices/{device}/commands/{command}/execute", parameters={"seconds": 30})["id"]
    signed_in = _made(api, "/api/v2/auth/sign-in", email=org.user_email, password=org.user_password)
    values = (org.api_key, org.organization_id, org.user_email, org.user_password, signed_in["access_token"])
    values += (device, made["access_token"], org.project_id, profile)
    return dict(zip(VARIABLES, (*values, connection["connection"]["id"], connection["secret"], execution), strict=True))


def _made(api: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = api.post(path, json=body)
    assert answer.is_success, answer.text
    made: dict[str, Any] = answer.json()
    return made


@dataclass
class Page:
    """A page under way; `said` is what the last block printed or was answered."""

    folder: Path
    server: RunningServer
    api: httpx.Client
    variables: dict[str, str]
    given: tuple[str, ...] = EXPLAINED
    names: dict[str, Any] = field(default_factory=dict)
    said: str = ""

    def __post_init__(self) -> None:
        programs = self.folder / "bin"
        programs.mkdir()
        _program(programs / "curl", CURL.replace("{curl}", shutil.which("curl") or "curl"))
        stand_in = f'exec "{sys.executable}" -m tests.support.guide_programs'
        for name in ("mosquitto_pub", "mosquitto_sub"):
            _program(programs / name, f'#!/bin/sh\n{stand_in} {name} "$@"\n')
        _program(programs / "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')  # one with the packages of clients
        _program(programs / "segno", f'#!/bin/sh\nexec "{sys.executable}" -m segno.cli "$@"\n')  # installed with Penstock
        words, self._inherited = penstock_of_a_shell()
        real = " ".join(f'"{word}"' for word in words)
        elsewhere = f'[ -n "$PENSTOCK_URL" ] && export PENSTOCK_URL={self.server.base_url}\n'
        _program(
            programs / "penstock", f'#!/bin/sh\n{elsewhere}[ "$1" = serve ] && {stand_in} serve {real} "$@"\nexec {real} "$@"\n'
        )
        for place in (*PLACES, "/.venv/bin/"):
            (self.folder / place.strip("/")).mkdir(parents=True)
        shutil.copy(programs / "penstock", self.folder / ".venv" / "bin")
        (self.folder / "proto").symlink_to(ROOT / "proto")
        (self.folder / ".curlrc").write_text(CURLRC.format(port=self.server.base_url.rpartition(":")[2]))

    def run(self, block: Block) -> None:
        """Run one block.

        Raises:
            BlockFailedError: it does not do what the page says.
        """
        if block.is_answer:
            self._compare(block)
            return
        kinds: dict[str, Callable[[Block], None]] = {
            "sh": self._bash,
            "http": self._requests,
            "json": self._bodies,
            "js": self._codec,
            "python": self._python,
            "toml": self._settings,
        }
        if block.language not in kinds:
            raise BlockFailedError(f"{block.place}: no way to run {block.language or 'a block without a language'}")
        kinds[block.language](block)

    def _bash(self, block: Block) -> None:
        text = block.text
        for place in PLACES:
            text = text.replace(place, f"{self.folder}{place}")
        text = text.replace(GRPC, f"localhost:{self.server.grpc_port}")
        here = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "CURL_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "PYTHONPATH": str(ROOT),
            "GUIDE_MQTT_PORT": str(self.server.mqtt_port),
        }
        # Commands run one after the other, and the first that fails ends the block, also within a pipe.
        # All blocks of a page are pasted into one shell: what one sets, the next has.
        kept = self.folder / "shell"
        kept.touch()
        text = f'set -a; . "{kept}"\n{text}\nexport -p >"{kept}"\n'
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=self.folder,
            env=clean_environment(here | {name: self.variables[name] for name in self.given}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            pass_fds=self._inherited,
        )
        if done.returncode:
            raise BlockFailedError(f"{block.place}: exit status {done.returncode}: {done.stdout}{done.stderr}")
        self.said = done.stdout

    def _requests(self, block: Block) -> None:
        """One request after the other: a line with method and path, lines with headers, and a body behind any of them."""
        for text in re.split(r"^(?=(?:GET|POST|PUT|PATCH|DELETE) )", block.text, flags=re.MULTILINE):
            if not text.strip():
                continue
            first, _, rest = text.partition("\n")
            method, path, begun = ([*first.split(maxsplit=2), ""])[:3]
            headers, _, body = rest.rpartition("\n\n") if not begun else ("", "", f"{begun}\n{rest}")
            named = {name: value.strip() for name, _, value in (line.partition(":") for line in headers.splitlines() if line)}
            self._send(block, method, path, named, body)

    def _bodies(self, block: Block) -> None:
        """Every JSON document of a block, as the body of the request that the comment before it names."""
        rest = block.text.strip()
        if not block.sent:
            raise BlockFailedError(f"{block.place}: nothing says what is done with it")
        method, path = block.sent.split()
        while rest:
            try:
                _, end = json.JSONDecoder().raw_decode(rest)
            except ValueError as error:
                raise BlockFailedError(f"{block.place}: {error}") from error
            self._send(block, method, path, {}, rest[:end])
            rest = rest[end:].lstrip()

    def _send(self, block: Block, method: str, path: str, headers: dict[str, str], body: str) -> None:
        headers = {name: self._filled(value) for name, value in headers.items()}
        org = None if "Authorization" in headers else self.server.orgs["Acme"]
        with self.server.client(org) as client:
            answer = client.request(method, self._filled(path), headers=headers, content=self._filled(body).encode())
        self.said = answer.text
        if not answer.is_success:
            raise BlockFailedError(f"{block.place}: {method} {path} was answered {answer.status_code}: {answer.text}")

    def _codec(self, block: Block) -> None:
        body = {"script": block.text, "bytes_hex": "0002d0070e0600", "f_port": 10}
        answer = self.api.post("/api/v2/codecs/preview", json=body)
        if not answer.is_success or answer.json()["errors"]:
            raise BlockFailedError(f"{block.place}: {answer.text}")

    def _python(self, block: Block) -> None:
        try:
            with mock.patch.dict(os.environ, self._exported()):
                exec(compile(block.text, block.place, "exec"), self.names)
        except Exception as error:
            raise BlockFailedError(f"{block.place}: {error!r}") from error
        if not self.names.get("good", True):
            raise BlockFailedError(f"{block.place}: it takes what is genuine for forged")

    def _exported(self) -> dict[str, str]:
        """What earlier blocks of bash exported for programs that call the server, which is elsewhere than the page says."""
        kept = self.folder / "shell"
        if not kept.exists():
            return {}
        printed = subprocess.run(["bash", "-c", f'. "{kept}"; env -0'], env={}, capture_output=True, text=True, check=True).stdout
        found = dict(line.split("=", 1) for line in printed.split("\0") if line.startswith("PENSTOCK_"))
        return found | ({"PENSTOCK_URL": self.server.base_url} if "PENSTOCK_URL" in found else {})

    def _settings(self, block: Block) -> None:
        file = self.folder / "shown.toml"
        file.write_text(block.text)
        try:
            load_settings(file, environment={})
        except Exception as error:
            raise BlockFailedError(f"{block.place}: {error}") from error

    def _compare(self, block: Block) -> None:
        last = self.said.strip().splitlines()[-1:]
        if not last:
            raise BlockFailedError(f"{block.place}: nothing was answered")
        if found := differences(read_shown(block.text), json.loads(last[0])):
            raise BlockFailedError(f"{block.place}: {', '.join(found)}")

    def _filled(self, text: str) -> str:
        for placeholder, name in PLACEHOLDERS.items():
            prefix = placeholder.removesuffix("{id}") if placeholder.endswith("/{id}") else ""
            text = text.replace(placeholder, prefix + self.variables[name])
        return text


def _program(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)
