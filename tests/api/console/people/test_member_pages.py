"""Members, invitations and the settings of the organisation, as an owner and as a viewer."""

from __future__ import annotations

import re

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

PEOPLE = "/console/people"


def test_a_member_gets_another_role_and_is_removed(owner: Browser, registry: Registry, org: Org) -> None:
    (person,) = registry.members("changed", "member")
    assert person.email in owner.get(PEOPLE).text
    where = f"{PEOPLE}/members/{person.user_id}"
    assert "End all" in owner.get(where).text
    assert "viewer now" in owner.follow(owner.post(f"{where}/role", {"role": "viewer"})).text
    assert owner.post(f"{where}/role", {"role": "king"}).status_code == 400
    assert "have ended" in owner.follow(owner.post(f"{where}/sessions/end")).text
    assert "no longer a member" in owner.follow(owner.post(f"{where}/remove")).text
    assert owner.get(where).status_code == 404


def test_the_last_owner_stays(owner: Browser, org: Org) -> None:
    owner.get(PEOPLE)
    own = re.search(rf"members/(usr_\w+)[^>]*>[^<]*{re.escape(org.user_email)}", owner.page)
    assert own is not None
    refused = owner.post(f"{PEOPLE}/members/{own[1]}/remove")
    assert "last owner" in owner.follow(refused).text


def test_an_invitation_is_sent_again_and_withdrawn(owner: Browser) -> None:
    assert "nobody@" not in owner.get(f"{PEOPLE}/invite").text
    refused = owner.post(f"{PEOPLE}/invite", {"email": "<b>nobody</b>", "role": "member"})
    assert (refused.status_code, "<b>nobody" in owner.page) == (400, False)
    sent = owner.post(f"{PEOPLE}/invite", {"email": "grace@example.org", "role": "viewer"})
    assert "on its way" in owner.follow(sent).text
    twice = owner.post(f"{PEOPLE}/invite", {"email": "grace@example.org", "role": "viewer"})
    assert (twice.status_code, "already has an open invitation" in owner.page) == (409, True)
    owner.get(f"{PEOPLE}/invitations")
    path = re.search(r"/console/people/invitations/inv_\w+", owner.page)
    assert path is not None
    assert "again" in owner.follow(owner.post(f"{path[0]}/resend")).text
    assert "is withdrawn" in owner.follow(owner.post(f"{path[0]}/withdraw")).text
    assert "is withdrawn" in owner.follow(owner.post(f"{path[0]}/resend")).text, "the API's refusal says so"


def test_the_organisation_is_renamed(owner: Browser) -> None:
    owner.get(f"{PEOPLE}/organization")
    assert owner.post(f"{PEOPLE}/organization", {"name": "x" * 201}).status_code == 400
    answer = owner.post(f"{PEOPLE}/organization", {"name": '"><script>alert(1)</script>'})
    assert "are saved" in owner.follow(answer).text
    assert "<script>alert" not in owner.page


def test_a_viewer_sees_and_changes_nothing(in_process: InProcessServer, registry: Registry, org: Org) -> None:
    (person,) = registry.members("seeing", "viewer")
    with browser_of(in_process, org, person.email, PASSWORD) as viewer:
        assert f"{PEOPLE}/invite" not in viewer.get(PEOPLE).text
        where = f"{PEOPLE}/members/{person.user_id}"
        assert "Change the role" not in viewer.get(where).text
        assert viewer.post(f"{where}/role", {"role": "owner"}).status_code == 403
        assert viewer.post(f"{PEOPLE}/invite", {"email": "x@example.org", "role": "viewer"}).status_code == 403
        assert "require_mfa" not in viewer.get(f"{PEOPLE}/organization").text
