"""Off-boarding is one transaction: `kill -9` in the middle of it leaves somebody whole or gone, never half."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from contextlib import closing, suppress
from typing import NamedTuple

import httpx
import pytest

from penstock.kit.ids import Prefix, decode
from tests.security.people import Person, Registry
from tests.support.waiting import CEILING_S

from .conftest import Note
from .servers import end, working
from .site import Site

MEMBERS = 12


class Rest(NamedTuple):
    """What is left of somebody: rows that count, and the entry that says they are gone."""

    memberships: int
    sessions: int
    keys: int
    groups: int
    entries: int


WHOLE, GONE = Rest(1, 1, 1, 1, 0), Rest(0, 0, 0, 0, 1)


def rest_of(site: Site, person: Person) -> Rest:
    user_id = decode(Prefix.USER, person.user_id)
    questions = {
        "SELECT count(*) FROM memberships WHERE user_id = ?": user_id,
        "SELECT count(*) FROM sessions WHERE user_id = ? AND revoked_us IS NULL": user_id,
        "SELECT count(*) FROM api_keys WHERE created_by = ? AND revoked_us IS NULL": person.user_id,
        "SELECT count(*) FROM group_members WHERE user_id = ?": user_id,
        "SELECT count(*) FROM audit_entries WHERE action = 'org.user.remove' AND target_id = ?": person.user_id,
    }
    with closing(sqlite3.connect(site.data_dir / "penstock.db")) as database:
        return Rest(*(database.execute(sql, (value,)).fetchone()[0] for sql, value in questions.items()))


def settle(client: httpx.Client, site: Site, people: list[Person], group: str) -> None:
    """Give everybody a key of their own and a place in the group."""
    with httpx.Client(base_url=client.base_url) as theirs:
        for person in people:
            own = {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": site.org.organization_id}
            assert theirs.post("/api/v2/keys", json={"name": "own"}, headers=own).is_success
            assert client.put(f"/api/v2/groups/{group}/members/{person.user_id}").is_success


@pytest.mark.parametrize("kills", [2, pytest.param(40, marks=pytest.mark.prove)])
def test_nobody_is_half_gone(site: Site, chance: random.Random, note: Note, kills: int) -> None:
    registry = Registry(site.data_dir, site.org.organization_id)
    whole = gone = 0
    for turn in range(kills):
        server = working(site.data_dir)
        people = registry.members(f"leaver{turn}", *["admin"] * MEMBERS)
        told: list[Person] = []
        with httpx.Client(base_url=server.base_url, headers=site.org.headers(), timeout=CEILING_S) as client:
            group = client.post("/api/v2/groups", json={"name": f"group {turn}"}).json()["id"]
            settle(client, site, people, group)
            killer = threading.Timer(chance.uniform(0.005, 0.1), server.kill)
            killer.start()
            with suppress(httpx.TransportError):
                for person in people:
                    if client.delete(f"/api/v2/members/{person.user_id}").is_success:
                        told.append(person)
            while server.process.poll() is None:
                time.sleep(0.005)
        end(server)
        server = working(site.data_dir)
        rests = {person.email: rest_of(site, person) for person in people}
        assert set(rests.values()) <= {WHOLE, GONE}, rests
        assert all(rests[person.email] == GONE for person in told)
        with httpx.Client(base_url=server.base_url) as client:
            for person in people:
                own = {"Authorization": f"Bearer {person.access_token}", "X-Organization-Id": site.org.organization_id}
                wanted = 200 if rests[person.email] == WHOLE else 401
                assert client.get("/api/v2/me", headers=own).status_code == wanted
        assert end(server) == 0
        whole += list(rests.values()).count(WHOLE)
        gone += list(rests.values()).count(GONE)
    note("whole, gone, half", f"{whole}, {gone}, 0", "0 half")
    assert gone
