"""The end of grants: recorded once for each, also over a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from penstock.core.tokens.grant_events import GrantNotes
from penstock.kit.clock import DAY_US
from penstock.workers.grants import KEPT_US, GrantWorker
from tests.support.granting import SECRET, Site, granting
from tests.support.server import RunningServer, bootstrap_org, start_server
from tests.support.waiting import awaited

TOKENS = "/api/v2/tokens"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with granting(tmp_path / "data") as found:
        yield found


def ended(site: Site) -> list[tuple[str, str]]:
    return [(one["grant"], one["actor"]) for one in site.acts("token.permission.revoke") if one["change"] == "expired"]


def test_each_end_is_recorded_once(site: Site) -> None:
    token, lena, other = site.token(), site.person(), Site(site.server, site.clock)
    first = site.grant(token, lena.id, expires_in_s=60)["id"]
    second = site.grant(token, lena.id, "seed", expires_in_s=61)["id"]
    kept = site.grant(token, site.group())["id"]
    theirs = other.grant(other.token(), other.group(), expires_in_s=60)["id"]
    site.worker()
    assert ended(site) == []
    site.pass_time(60)
    site.worker()
    site.worker()
    assert ended(site) == [(first, "system")]
    assert ended(other) == [(theirs, "system")]
    site.pass_time(1)
    site.worker()
    assert [one for one, _ in ended(site)] == [first, second]
    assert [one["id"] for one in site.api.get(f"{TOKENS}/{token}/grants").json()["data"]] == [kept]


def test_a_grant_that_is_revoked_or_prolonged_does_not_expire(site: Site) -> None:
    token, lena = site.token(), site.person()
    revoked = site.grant(token, lena.id, expires_in_s=60)["id"]
    prolonged = site.grant(token, lena.id, "seed", expires_in_s=60)["id"]
    site.api.delete(f"{TOKENS}/{token}/grants/{revoked}").raise_for_status()
    site.api.patch(f"{TOKENS}/{token}/grants/{prolonged}", json={"expires_in_s": 600}).raise_for_status()
    site.pass_time(60)
    site.worker()
    assert ended(site) == []


class Crashing:
    """Records, and then the power is cut."""

    def __init__(self, notes: GrantNotes) -> None:
        self._notes = notes

    async def note(self, *args: Any) -> None:
        await self._notes.note(*args)
        raise OSError("power cut")


async def _found(into: list[GrantWorker], worker: GrantWorker) -> None:
    into.append(worker)


def test_a_crash_before_the_commit_repeats_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = site.grant(site.token(), site.person().id, expires_in_s=60)["id"]
    site.pass_time(60)
    worker: list[GrantWorker] = []
    site.server.call(lambda server: _found(worker, server.parts.grants.worker))
    with monkeypatch.context() as patch:
        patch.setattr(worker[0], "_notes", Crashing(worker[0]._notes))
        with pytest.raises(OSError, match="power cut"):
            site.worker()
    assert ended(site) == []
    site.worker()
    assert [one for one, _ in ended(site)] == [grant]


def test_old_requests_go(site: Site) -> None:
    token, lena = site.token(four_eyes=True), site.key()
    lena.http.post(f"{TOKENS}/{token}/seed-requests", json={"reason": "x"}).raise_for_status()
    everything = {"token": token, "state": "expired"}

    def listed() -> int:
        return len(site.api.get("/api/v2/seed-requests", params=everything).json()["data"])

    site.pass_time((KEPT_US - DAY_US) / 1e6)
    site.worker()
    assert listed() == 1
    site.pass_time(2 * DAY_US / 1e6)
    site.worker()
    assert listed() == 0


@pytest.mark.prove
def test_kills_lose_and_repeat_no_end(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    org, environment = bootstrap_org(folder), {"PENSTOCK_GRANTS_INTERVAL_S": "0.05"}
    made: set[str] = set()
    for kill in range(6):
        server = start_server(folder, environment=environment)
        with server.client(org) as api:
            before = len(_expired(api))
            made |= _granted(api, kill)
            awaited(lambda api=api, before=before: len(_expired(api)) > before or None, what="the first end")
        _kill(server)
    server = start_server(folder, environment=environment)
    with server.client(org) as api:
        awaited(lambda: len(_expired(api)) >= len(made) or None, what="the last end")
        counted = _expired(api)
    _kill(server)
    assert counted == Counter(dict.fromkeys(made, 1))


def _kill(server: RunningServer) -> None:
    server.kill()
    assert server.process.stdout is not None
    server.process.stdout.close()


def _granted(api: httpx.Client, kill: int) -> set[str]:
    made = set()
    group = api.post("/api/v2/groups", json={"name": f"Group {kill}"}).raise_for_status().json()["id"]
    for number in range(20):
        token = f"token-{kill}-{number}"
        api.post(TOKENS, json={"name": token, "secret": SECRET}).raise_for_status()
        body = {"subject": group, "permission": "code", "expires_in_s": 1}
        made.add(str(api.post(f"{TOKENS}/{token}/grants", json=body).raise_for_status().json()["id"]))
    return made


def _expired(api: httpx.Client) -> Counter[str]:
    params = {"action": "token.permission.revoke", "limit": 1000}
    found = api.get("/api/v2/logs", params=params).raise_for_status().json()["data"]
    return Counter(one["details"]["grant"] for one in found)
