"""Groups and their members."""

from __future__ import annotations

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

GROUPS = "/console/people/groups"
HOSTILE = "<img src=x onerror=alert(1)> \u05d0 🚰"


def test_a_group_from_its_beginning_to_its_end(owner: Browser, registry: Registry) -> None:
    (person,) = registry.members("grouped", "member")
    assert owner.get(GROUPS).status_code == 200
    assert owner.post(GROUPS, {"name": "x" * 201}).status_code == 400
    made = owner.post(GROUPS, {"name": HOSTILE})
    where = made.headers["location"]
    assert "Nobody is in this group yet" in owner.follow(made).text
    assert "<img src=x" not in owner.page
    assert owner.post(GROUPS, {"name": HOSTILE}).status_code == 409
    assert "is added" in owner.follow(owner.post(f"{where}/add", {"user_id": person.user_id})).text
    assert person.email in owner.page
    assert "was not found" in owner.follow(owner.post(f"{where}/add", {"user_id": "usr_0000000000001"})).text
    assert owner.post(f"{where}/rename", {"name": "x" * 201}).status_code == 400
    assert "is renamed" in owner.follow(owner.post(f"{where}/rename", {"name": "Night shift"})).text
    assert "is removed" in owner.follow(owner.post(f"{where}/remove/{person.user_id}")).text
    assert "is deleted" in owner.follow(owner.post(f"{where}/delete")).text
    assert owner.get(where).status_code == 404


def test_a_viewer_is_not_offered_to_change_one(in_process: InProcessServer, registry: Registry, org: Org) -> None:
    (person,) = registry.members("grouping", "viewer")
    with browser_of(in_process, org, person.email, PASSWORD) as viewer:
        assert "New group" not in viewer.get(GROUPS).text
        assert viewer.post(GROUPS, {"name": "x"}).status_code == 403
