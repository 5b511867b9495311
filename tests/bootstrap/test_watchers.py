"""A change of people reaches the grants of tokens and those of addresses."""

from __future__ import annotations

import inspect
from pathlib import Path

from penstock.bootstrap.watchers import Watchers
from penstock.core.people.ports import MemberWatcher
from penstock.core.tenancy.ports import KeyWatcher
from tests.support.granting import granting


def test_all_grants_of_a_removed_member_end(tmp_path: Path) -> None:
    with granting(tmp_path / "data") as site:
        lena, token = site.person(), site.token()
        site.grant(token, lena.id)
        address = site.api.post("/api/v2/inbox/addresses", json={"value": "+447700900123"}).raise_for_status().json()["id"]
        site.api.put(f"/api/v2/inbox/addresses/{address}/users/{lena.id}").raise_for_status()
        site.api.delete(f"/api/v2/members/{lena.id}").raise_for_status()
        for path in (f"/api/v2/tokens/{token}/grants", f"/api/v2/inbox/addresses/{address}/grants"):
            assert site.api.get(path).json()["data"] == []


def test_every_change_is_passed_on() -> None:
    for port in (MemberWatcher, KeyWatcher):
        for name, method in inspect.getmembers(port, inspect.iscoroutinefunction):
            assert inspect.signature(getattr(Watchers, name)) == inspect.signature(method)
            assert f"one.{name}(" in inspect.getsource(getattr(Watchers, name))
