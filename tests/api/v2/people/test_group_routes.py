"""Groups over HTTP."""

from __future__ import annotations

from tests.api.v2.people.somebody import code, new_member, owner_of
from tests.support.mailbox import Mailbox
from tests.support.server import Org, RunningServer


def test_groups_hold_members(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, somebody = owner_of(house, north), new_member(house, mailbox, north)
    group = owner.call("POST", "/api/v2/groups", {"name": "Night shift"}).json()
    path, user_id = f"/api/v2/groups/{group['id']}", somebody.tokens["user_id"]
    assert code(owner.call("POST", "/api/v2/groups", {"name": "Night shift"})) == (409, "groups.exists")
    for _ in range(2):
        assert owner.call("PUT", f"{path}/members/{user_id}").status_code == 204
    assert owner.call("GET", path).json()["members"] == 1
    assert [row["email"] for row in owner.call("GET", f"{path}/members").json()["data"]] == [somebody.email]
    assert owner.call("DELETE", f"{path}/members/{user_id}").status_code == 204
    assert code(owner.call("DELETE", f"{path}/members/{user_id}")) == (404, "members.not_found")
    owner.call("PUT", f"{path}/members/{user_id}")
    assert owner.call("PATCH", path, {"name": "Late shift"}).json() == group | {"name": "Late shift", "members": 1}
    assert owner.call("DELETE", path).status_code == 204
    assert code(owner.call("GET", path)) == (404, "groups.not_found")
    assert somebody.works
