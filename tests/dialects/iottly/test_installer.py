"""The HTTP conversation of the vendor's installer script, with its headers, its slashes and what its sed looks for.

Source: the vendor's `scripts/iottly-install-agent.sh` (surfaces/iottly.md 2.9), spoken here over a plain socket client.
"""

from __future__ import annotations

import http.client
import re

from tests.dialects.iottly.conftest import World


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
