"""The own account: name, password, second factor, sessions."""

from __future__ import annotations

import re

import pyotp

from tests.security.people import PASSWORD, Registry
from tests.support.console import browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

PROFILE = "/console/profile"
HOSTILE = "<img src=x onerror=alert(1)> \u05d0 🚰"


def test_a_name_and_a_password_are_changed(in_process: InProcessServer, registry: Registry, org: Org) -> None:
    (person,) = registry.members("own", "viewer")
    with browser_of(in_process, org, person.email, PASSWORD) as browser:
        answer = browser.post(f"{PROFILE}/name", {"name": HOSTILE})
        assert "Your name is changed" in browser.follow(answer).text
        assert "<img src=x" not in browser.page
        assert "&lt;img src=x" in browser.page
        assert browser.post(f"{PROFILE}/name", {"name": "x" * 201}).status_code == 400
        wrong = browser.post(f"{PROFILE}/password", {"current_password": "wrong", "new_password": "staple battery horse"})
        assert (wrong.status_code, "the current password is wrong" in browser.page) == (403, True)
        weak = browser.post(f"{PROFILE}/password", {"current_password": PASSWORD, "new_password": "short"})
        assert (weak.status_code, "at least 12 characters" in browser.page) == (400, True)
        assert PASSWORD not in browser.page
        done = browser.post(f"{PROFILE}/password", {"current_password": PASSWORD, "new_password": "staple battery horse"})
        assert done.status_code == 303
        assert browser.get(PROFILE).status_code == 200, "this session continues"


def test_a_second_factor_is_added_and_removed(in_process: InProcessServer, registry: Registry, org: Org) -> None:
    (person,) = registry.members("factor", "member")
    with browser_of(in_process, org, person.email, PASSWORD) as browser:
        browser.post(f"{PROFILE}/second-factor")
        assert "<svg" in browser.page
        fields = dict(re.findall(r'name="(uri|secret)" value="([^"]+)"', browser.page))
        assert browser.post(f"{PROFILE}/second-factor/confirm", fields | {"code": "000000"}).status_code == 403
        assert fields["secret"] in browser.page, "the same code can be scanned again"
        code = pyotp.TOTP(fields["secret"]).now()
        answer = browser.post(f"{PROFILE}/second-factor/confirm", fields | {"code": code})
        shown = re.search(r"<code>([^<]+)</code>", answer.text)
        assert shown is not None
        codes = shown[1].split()
        assert len(codes) == 10
        assert "Recovery codes left" in browser.get(PROFILE).text
        again = browser.post(f"{PROFILE}/second-factor")
        assert "already enrolled" in browser.follow(again).text
        assert browser.post(f"{PROFILE}/second-factor/remove", {"password": "wrong", "code": codes[0]}).status_code == 403
        removed = browser.post(f"{PROFILE}/second-factor/remove", {"password": PASSWORD, "code": codes[1]})
        assert "is removed" in browser.follow(removed).text


def test_a_session_is_ended(in_process: InProcessServer, registry: Registry, org: Org) -> None:
    (person,) = registry.members("sessions", "member")
    with (
        browser_of(in_process, org, person.email, PASSWORD) as first,
        browser_of(in_process, org, person.email, PASSWORD) as other,
    ):
        first.get(PROFILE)
        (session_id,) = set(re.findall(r"sessions/(ses_\w+)/end", first.page)) - {person.session_id}
        assert "has ended" in first.follow(first.post(f"{PROFILE}/sessions/{session_id}/end")).text
        assert other.get(PROFILE).status_code == 303
        assert "was not found" in first.follow(first.post(f"{PROFILE}/sessions/{session_id}/end")).text


def test_who_must_enrol_gets_nowhere_else(in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with browser_of(in_process, org) as browser:
        browser.post("/console/people/organization", {"name": "Strict", "require_mfa": "true"})
        answer = browser.get("/console/keys")
        assert (answer.status_code, answer.headers["location"]) == (303, PROFILE)
        assert "requires a second factor" in browser.follow(answer).text
        browser.post(f"{PROFILE}/second-factor")
        fields = dict(re.findall(r'name="(uri|secret)" value="([^"]+)"', browser.page))
        browser.post(f"{PROFILE}/second-factor/confirm", fields | {"code": pyotp.TOTP(fields["secret"]).now()})
        assert browser.get("/console/keys").status_code == 200


def test_preferences_change_how_times_are_written(in_process: InProcessServer, registry: Registry, org: Org) -> None:
    (person,) = registry.members("prefers", "viewer")
    with browser_of(in_process, org, person.email, PASSWORD) as browser:
        form = {"time_zone": "Asia/Kolkata", "locale": "de-AT", "theme": "dark"}
        browser.follow(browser.post(f"{PROFILE}/preferences", form))
        assert "Your preferences are saved" in browser.page
        assert 'data-theme="dark"' in browser.page
        assert 'lang="de-AT"' in browser.page
        wrong = browser.post(f"{PROFILE}/preferences", form | {"time_zone": "Mars/<b>Base</b>"})
        assert (wrong.status_code, "<b>Base" in browser.page) == (400, False)
        assert 'aria-invalid="true"' in browser.page
