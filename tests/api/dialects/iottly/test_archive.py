"""The HTTP conversation of the vendor's installer script, with its headers, its slashes and what its sed looks for.

Source: the vendor's `scripts/iottly-install-agent.sh` (surfaces/iottly.md 2.9), spoken here over a plain socket client. Its
last two steps, the archive and `configure.sh`, are done as it does them: with tar and a shell.
"""

from __future__ import annotations

import http.client
import io
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

from tests.api.dialects.iottly.conftest import World


def said(text: str, name: str) -> str:
    """What the script's `sed -n 's/.*"<name>": "\\([^"]*\\)".*/\\1/p'` finds."""
    match = re.search(rf'.*"{name}": "([^"]*)".*', text)
    assert match, text
    return match[1]


def ask(world: World, method: str, path: str, body: str | None = None) -> str:
    """A request as wget sends it: a body is announced as a form, whatever it is."""
    headers = {"User-Agent": "Wget/1.21.3", "Accept": "*/*", "Authentication": f"bearer {world.key}"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(world.iottly.base_url.netloc.decode(), timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, text
        return text
    finally:
        connection.close()


def test_the_installer_finds_the_agent_and_makes_the_device(world: World) -> None:
    inspected = ask(world, "GET", f"{world.project}/inspect")
    assert said(inspected, "projectgetagenturl").endswith("/" + said(inspected, "agentfile"))
    assert said(inspected, "agentapihost") == world.iottly.base_url.netloc.decode()
    registered = ask(world, "POST", f"{world.project}/device/", '{\n    "name": "installed pump"\n}\n')
    assert re.fullmatch("[0-9a-f]{32}", said(registered, "pair_code"))
    names = [one["name"] for one in world.iottly.get(f"{world.project}/devices/props").json()["devices"]]
    assert names.count("installed pump") == 1


def test_every_installation_gets_a_code_of_its_own(world: World) -> None:
    codes = {said(ask(world, "POST", f"{world.project}/device/", '{"name": "twin"}'), "pair_code") for _ in range(3)}
    assert len(codes) == 3
    stored = world.api.get("/api/v2/logs", params={"action": "agent.pair_code"}).text
    assert not any(code in stored for code in codes)


def fetch(url: str) -> bytes:
    """A file as the script's wget gets it: without the key."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", parts.path, headers={"User-Agent": "Wget/1.21.3"})
        answer = connection.getresponse()
        body = answer.read()
        assert (answer.status, answer.getheader("content-type")) == (200, "application/gzip")
        return body
    finally:
        connection.close()


def test_the_whole_conversation_leaves_a_paired_device(world: World, tmp_path: Path) -> None:
    inspected = ask(world, "GET", f"{world.project}/inspect")
    code = said(ask(world, "POST", f"{world.project}/device/", '{"name": "unpacked pump"}'), "pair_code")
    with tarfile.open(fileobj=io.BytesIO(fetch(said(inspected, "projectgetagenturl")))) as archive:
        archive.extractall(tmp_path, filter="data")
    config = tmp_path / "agent.conf"
    # A Python without any of our packages: the archive has to bring what it needs.
    python = str(Path(sys.base_prefix) / "bin" / "python3")
    environment = {"PATH": os.environ["PATH"], "PYTHON": python, "AGENT_CONFIG": str(config)}
    host = f"http://{said(inspected, 'agentapihost')}"  # a server without TLS has to be named by its URL
    step = ["./configure.sh", "-c", code, "-rh", host, "--skip-human-check"]
    folder = tmp_path / "iottly.com-agent"
    done = subprocess.run(step, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "token = " in config.read_text()
    assert config.stat().st_mode & 0o077 == 0
    again = subprocess.run(step, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert again.returncode == 1  # a code is good once
    assert code not in again.stdout + again.stderr
    check = [folder / "bin" / "penstock-agent", "--config", str(config), "--check-config"]
    assert subprocess.run(check, env=environment, capture_output=True, timeout=60, check=False).returncode == 0


def test_an_archive_that_is_none_is_not_there(world: World) -> None:
    for name in ("penstock-agent_linux_Z80.tar.gz", "..%2fsecret.key", "{platform}"):
        assert world.iottly.get(f"/getagent/{name}").status_code == 404
