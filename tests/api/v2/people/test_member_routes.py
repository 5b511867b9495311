"""Members over HTTP: their roles, and off-boarding."""

from __future__ import annotations

from tests.api.v2.people.somebody import Somebody, audit, code, new_member, owner_of
from tests.support.mailbox import Mailbox
from tests.support.server import Org, RunningServer


def test_roles_count_from_the_next_call_on(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, somebody = owner_of(house, north), new_member(house, mailbox, north, "viewer")
    path = f"/api/v2/members/{somebody.tokens['user_id']}"
    assert somebody.call("POST", "/api/v2/devices", {"name": "x"}).status_code == 403
    assert owner.call("PATCH", path, {"role": "member"}).json()["role"] == "member"
    assert somebody.call("POST", "/api/v2/devices", {"name": "x"}).status_code == 201
    assert code(somebody.call("PATCH", path, {"role": "admin"})) == (403, "auth.scope_missing")
    owner.call("PATCH", path, {"role": "admin"})
    assert somebody.call("GET", "/api/v2/keys").status_code == 200
    assert code(somebody.call("PATCH", path, {"role": "owner"})) == (403, "members.beyond_you")
    the_owner = f"/api/v2/members/{owner.tokens['user_id']}"
    assert code(somebody.call("DELETE", the_owner)) == (403, "members.beyond_you")
    assert code(somebody.call("POST", "/api/v2/invitations", {"email": "o@example.org", "role": "owner"})) == (
        403,
        "members.beyond_you",
    )
    for method, body in (("DELETE", None), ("PATCH", {"role": "admin"})):
        assert code(owner.call(method, the_owner, body)) == (409, "members.last_owner")
    roles = audit(house, north, "org.user.role")[0]["details"]
    assert roles == {"before": {"role": "member"}, "after": {"role": "admin"}}


def test_off_boarding_cuts_everything_at_once(house: RunningServer, mailbox: Mailbox, north: Org) -> None:
    owner, somebody = owner_of(house, north), new_member(house, mailbox, north, "admin")
    elsewhere = Somebody(house, somebody.email).sign_in()
    own_key = somebody.call("POST", "/api/v2/keys", {"name": "own", "scopes": ["profile:read"]}).json()
    group = owner.call("POST", "/api/v2/groups", {"name": "Leavers"}).json()["id"]
    user_id = somebody.tokens["user_id"]
    owner.call("PUT", f"/api/v2/groups/{group}/members/{user_id}")
    gone = owner.call("DELETE", f"/api/v2/members/{user_id}")
    assert gone.json() == {
        "user_id": user_id,
        "email": somebody.email,
        "sessions_ended": 2,
        "keys_revoked": [own_key["key"]["id"]],
        "groups_left": ["Leavers"],
    }
    assert not somebody.works
    assert not elsewhere.works
    sent = {"X-API-Key": own_key["value"], "X-Organization-Id": north.organization_id}
    assert code(somebody.http.get("/api/v2/me", headers=sent)) == (401, "auth.key_not_active")
    assert code(somebody.refresh()) == (401, "auth.refresh_invalid")
    assert code(somebody.try_sign_in()) == (401, "auth.sign_in_failed")
    assert owner.call("GET", f"/api/v2/groups/{group}").json()["members"] == 0
    entry = audit(house, north, "org.user.remove")[0]
    assert (entry["target_name"], entry["details"]["could_see"]) == (somebody.email, {"projects": ["Default"]})
    assert entry["details"]["keys_revoked"] == [own_key["key"]["id"]]
