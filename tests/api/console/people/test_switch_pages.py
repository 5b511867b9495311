"""People of several organisations choose one, and go to another."""

from __future__ import annotations

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser
from tests.support.in_process import InProcessServer
from tests.support.server import Org


def test_a_person_of_two_organisations_chooses(
    in_process: InProcessServer, visitor: Browser, registry: Registry, org: Org
) -> None:
    other = in_process.new_org()
    (person,) = registry.members("both", "member")
    Registry(other.data_dir, other.organization_id, in_process.run).join(person, "viewer")
    visitor.get("/console/sign-in")
    answer = visitor.post("/console/sign-in", {"email": person.email, "password": PASSWORD})
    assert answer.headers["location"] == "/console/organizations"
    assert 'action="/console/organization"' in visitor.follow(answer).text
    assert "/console/switch" not in visitor.page
    before = dict(visitor.cookies)
    same = visitor.post("/console/organization", {"organization_id": org.organization_id})
    assert (same.headers["location"], visitor.cookies) == ("/console", before)
    switched = visitor.post("/console/organization", {"organization_id": other.organization_id, "next": "/console/profile"})
    assert switched.headers["location"] == "/console/profile"
    assert "viewer" in visitor.follow(switched).text
    assert visitor.cookies["penstock_session"] != before["penstock_session"]
    with Browser(in_process.client()) as earlier:
        earlier.cookies = before
        assert earlier.get("/console/profile").status_code == 303, "the session in the previous organisation has ended"
    foreign = visitor.post("/console/organization", {"organization_id": "org_0000000000001"})
    assert foreign.headers["location"] == "/console/organizations"
    assert "was not found" in visitor.follow(foreign).text
