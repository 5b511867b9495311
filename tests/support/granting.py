"""An organisation with people, groups, keys and tokens, over HTTP, and with the clock in hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from penstock.core.audit.models import AuditFilter
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, decode
from tests.security.people import Person, Registry
from tests.support.days import HeldClock
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SCOPES = ("tokens:read", "tokens:code", "tokens:seed")
_COUNT = itertools.count()


class Caller(msgspec.Struct, frozen=True):
    """Somebody or something that calls, and the id of the user or key."""

    id: str
    http: httpx.Client
    person: Person | None = None


class Site:
    """One organisation. `api` calls with a key of the operator, which may do everything."""

    def __init__(self, server: InProcessServer, clock: HeldClock) -> None:
        self.server, self.clock = server, clock
        self.org: Org = server.new_org()
        self.api: httpx.Client = server.client(self.org)
        self._registry = Registry(server.data_dir, self.org.organization_id, server.run)

    def pass_time(self, seconds: float) -> None:
        self.clock.us += int(seconds * SECOND_US)
        self.clock.s += seconds

    def person(self, role: str = "member") -> Caller:
        (found,) = self._registry.members(f"p{next(_COUNT)}", role)
        return Caller(found.user_id, self.of_value(found.access_token), found)

    def joined(self, caller: Caller, role: str) -> Caller:
        """Somebody of another organisation, or who was removed, as a member here."""
        assert caller.person is not None
        found = self._registry.join(caller.person, role)
        return Caller(found.user_id, self.of_value(found.access_token), found)

    def key(self, *scopes: str, of: Caller | None = None, **about: Any) -> Caller:
        """A key of somebody, or of the operator."""
        maker = self.api if of is None else of.http
        body = {"name": f"key {next(_COUNT)}", "scopes": scopes or SCOPES, **about}
        made = maker.post("/api/v2/keys", json=body).raise_for_status().json()
        return Caller(made["key"]["id"], self.of_value(made["value"]))

    def of_value(self, value: str) -> httpx.Client:
        headers = {"X-Organization-Id": self.org.organization_id, "Authorization": f"Bearer {value}"}
        return self.server.client(headers=headers)

    def key_of(self, person: Caller, *scopes: str) -> Caller:
        """A key that somebody answers for who may not make keys."""
        made = self.key(*scopes)
        user_id, key_id = decode(Prefix.USER, person.id), decode(Prefix.KEY, made.id)
        assert user_id is not None
        assert key_id is not None

        async def own(server: Any) -> None:
            async with server.database.system() as tx:
                org_id = decode(Prefix.ORGANIZATION, self.org.organization_id)
                await tx.for_organization(org_id).keys.set_root(key_id, user_id)
            server.parts.keys._on_change(key_id)

        self.server.call(own)
        return made

    def token(self, **about: Any) -> str:
        body = {"name": f"token-{next(_COUNT)}", "secret": SECRET, **about}
        return str(self.api.post("/api/v2/tokens", json=body).raise_for_status().json()["name"])

    def group(self, *people: Caller) -> str:
        made = self.api.post("/api/v2/groups", json={"name": f"Group {next(_COUNT)}"}).raise_for_status().json()["id"]
        for one in people:
            self.api.put(f"/api/v2/groups/{made}/members/{one.id}").raise_for_status()
        return str(made)

    def grant(self, token: str, subject: str, permission: str = "code", **about: Any) -> dict[str, Any]:
        body = {"subject": subject, "permission": permission, **about}
        answer = self.api.post(f"/api/v2/tokens/{token}/grants", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def acts(self, action: str) -> list[dict[str, Any]]:
        """The details of the entries of the audit log about an action, oldest first."""
        org_id = decode(Prefix.ORGANIZATION, self.org.organization_id)

        async def read(server: Any) -> list[dict[str, Any]]:
            async with server.database.snapshot(org_id) as tx:
                found = await tx.audit.oldest(AuditFilter(), 10_000, 0)
            return [dict(one.details) | {"actor": one.actor_name} for one in found if one.action == action]

        return self.server.call(read)

    def worker(self) -> None:
        """Let the worker remove what has ended."""

        async def step(server: Any) -> None:
            while await server.parts.grants.worker.step():
                pass

        self.server.call(step)


@contextmanager
def granting(folder: Path) -> Iterator[Site]:
    """A server with one organisation."""
    clock = HeldClock()
    # The worker steps when a test says so, not beside it.
    with in_process_server(folder, orgs=(), environment={"PENSTOCK_GRANTS_INTERVAL_S": "86400"}, clock=clock) as server:
        yield Site(server, clock)
