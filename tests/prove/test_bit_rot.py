"""D7: one bit of a file at rest has turned.

The server either refuses to start, in one line that names the file, or it starts and shows each organisation its own and
nothing of another's. It never begins with nothing in silence. SQLite keeps no checksums, so that a value has changed is not
always noticed; that a page makes no sense is.
"""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.server import RunningServer

from .conftest import Note
from .servers import Refusal, end, start, started
from .site import Site
from .stored import segments

READINGS = 50
AT_ONCE = 2
FIRST_PAGE = 4_096


@dataclass(frozen=True)
class Flip:
    """A bit of a file of the data directory."""

    file: str
    offset: int
    bit: int

    def do(self, data_dir: Path) -> None:
        path = data_dir / self.file
        content = bytearray(path.read_bytes())
        content[self.offset] ^= 1 << self.bit
        path.write_bytes(content)


@pytest.fixture(scope="session")
def filled(template: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with readings of both organisations, in order."""
    site = template.copied(tmp_path_factory.mktemp("filled") / "data")
    with started(site.data_dir) as server:
        for name, org in site.orgs.items():
            with server.client(org) as client:
                for device in site.devices[name]:
                    rows = [{"data": {"v": f"{name}-{number}"}} for number in range(READINGS)]
                    assert client.post(f"/api/v2/devices/{device.id}/telemetry", json=rows).status_code == 201
    return site


def flips(site: Site, chance: random.Random, number: int) -> list[Flip]:
    """Bits at random, among them more of the first pages, where most of the structure is."""
    files = ["penstock.db", f"telemetry/{segments(site.data_dir)[-1].name}", "secret.key"]
    found = []
    for place in range(number):
        file = files[place % 3]
        size = (site.data_dir / file).stat().st_size
        within = min(size, FIRST_PAGE) if place % 2 else size
        found.append(Flip(file, chance.randrange(within), chance.randrange(8)))
    return found


def faults_of_refusal(flip: Flip, refusal: Refusal) -> list[str]:
    lines = [line for line in refusal.said.splitlines() if not line.startswith("{")]
    wanted = refusal.status > 0 and len(lines) == 1 and lines[0].startswith("penstock: ") and flip.file in lines[0]
    return [] if wanted else [f"{flip}: exit status {refusal.status}, said {refusal.said!r}"]


def questions(site: Site, name: str) -> list[str]:
    devices = [f"/api/v2/devices/{device.id}" for device in site.devices[name]]
    readings = [f"{device}/telemetry{rest}" for device in devices for rest in ("?limit=100", "/latest", "/export?format=ndjson")]
    return ["/api/v2/devices", "/api/v2/me", "/api/v2/projects", *devices, *readings, "/api/v2/telemetry/quarantined"]


def asked(client: httpx.Client, path: str) -> httpx.Response | None:
    """An answer, or none if it was broken off in the middle, which is how a long one says that it cannot go on."""
    try:
        return client.get(path)
    except httpx.RemoteProtocolError:
        return None


def faults_of_answers(site: Site, server: RunningServer, flip: Flip) -> list[str]:
    """What is wrong with what each organisation sees."""
    found = []
    for name, other in (("Acme", "Other"), ("Other", "Acme")):
        with server.client(site.orgs[name]) as client:
            answers = [answer for path in questions(site, name) if (answer := asked(client, path)) is not None]
        found += [f"{flip}: {name} sees {other}'s: {answer.url}" for answer in answers if f"{other}-" in answer.text]
        found += [f"{flip}: {fault}" for answer in answers for fault in _faults(answer)]
        if {answer.status_code for answer in answers} == {200} and not any(f"{name}-" in answer.text for answer in answers):
            found.append(f"{flip}: {name} is empty, and nobody says so")
        if flip.file == "secret.key" and any(answer.status_code == 401 for answer in answers):
            found.append(f"{flip}: it starts with a secret under which no key is known")
    return found


def _faults(answer: httpx.Response) -> list[str]:
    if answer.status_code < 500:
        return []
    described = answer.headers.get("content-type") == "application/problem+json"
    bare = any(word in answer.text for word in ("Traceback", "sqlite", 'File "'))
    return [] if described and not bare else [f"{answer.url}: {answer.status_code} {answer.text[:200]}"]


def outcome(site: Site, flip: Flip) -> tuple[str, list[str]]:
    """Start on a copy with the bit turned: what became of it, and what was wrong with that."""
    flip.do(site.data_dir)
    server = start(site.data_dir)
    if isinstance(server, Refusal):
        return "refused", faults_of_refusal(flip, server)
    found = faults_of_answers(site, server, flip)
    # A damaged row may well show as an error that nobody foresaw, in the log.
    what = "stumbled" if "Traceback" in server.log() else "started"
    end(server, hard=True, foreseen=False)
    return what, found


@pytest.mark.parametrize("number", [5, pytest.param(201, marks=pytest.mark.prove)])
def test_a_bit_turns(filled: Site, tmp_path: Path, chance: random.Random, note: Note, number: int) -> None:
    cases = [(filled.copied(tmp_path / str(place)), flip) for place, flip in enumerate(flips(filled, chance, number))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = list(pool.map(lambda case: outcome(*case), cases))
    counts = Counter(what for what, _ in outcomes)
    note("bits", f"{number}: {dict(counts)}", "no foreign data, no silent loss, no unclear refusal")
    found = [fault for _, faults in outcomes for fault in faults]
    assert not found, "\n".join(found)
