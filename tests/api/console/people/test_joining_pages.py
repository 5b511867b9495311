"""Pages of links: invitations and forgotten passwords. The first set-up and the sign-up, on a server of their own."""

from __future__ import annotations

import re
from pathlib import Path

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org

OPEN = {"PENSTOCK_SIGNUP_ENABLED": "true", "PENSTOCK_PEOPLE_ATTEMPTS_PER_ACCOUNT": "3"}
HOSTILE = "<img src=x onerror=alert(1)> \u05d0 🚰"


def test_an_invitation_is_accepted_and_signs_in(visitor: Browser, registry: Registry, org: Org) -> None:
    token = registry.invitation_token("invited@example.org")
    assert "fragment.js" in visitor.get("/console/accept-invitation").text
    weak = visitor.post("/console/accept-invitation", {"token": token, "name": HOSTILE, "password": "short"})
    assert weak.status_code == 400
    assert "at least 12 characters" in visitor.page
    assert token in visitor.page, "the form can be sent again"
    assert "<img src=x" not in visitor.page
    answer = visitor.post("/console/accept-invitation", {"token": token, "name": HOSTILE, "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert "invited@example.org" in visitor.get("/console/profile").text
    assert "<img src=x" not in visitor.page
    used = visitor.post("/console/accept-invitation", {"token": token, "password": PASSWORD})
    assert (used.status_code, "invalid, used or expired" in visitor.page) == (400, True)


def test_a_forgotten_password_is_reset(visitor: Browser, registry: Registry) -> None:
    (person,) = registry.members("forgot", "member")
    visitor.get("/console/forgot-password")
    assert visitor.post("/console/forgot-password", {"email": "nobody"}).status_code == 400
    for email in (person.email, "nobody-here@example.org"):
        assert "Check your mail" in visitor.post("/console/forgot-password", {"email": email}).text
    token = registry.reset_token(person)
    visitor.get("/console/reset-password")
    assert visitor.post("/console/reset-password", {"token": token, "new_password": "short"}).status_code == 400
    answer = visitor.post("/console/reset-password", {"token": token, "new_password": "staple battery horse correct"})
    assert answer.headers["location"] == "/console/sign-in"
    assert "Your password is changed" in visitor.follow(answer).text
    visitor.sign_in(person.email, "staple battery horse correct")


def test_a_sign_up_is_not_there_unless_it_is_enabled(visitor: Browser) -> None:
    assert visitor.get("/console/sign-up").status_code == 404
    assert visitor.post("/console/sign-up", {"organization": "x", "email": "a@example.org"}).status_code == 404
    assert "/console/sign-up" not in visitor.get("/console/sign-in").text


def test_a_new_server_is_set_up_and_then_signed_up_to(tmp_path: Path) -> None:
    with in_process_server(tmp_path / "data", orgs=(), environment=OPEN) as server:
        _set_up(server)
        with Browser(server.client()) as visitor:
            assert "/console/sign-up" in visitor.get("/console/sign-in").text
            visitor.get("/console/sign-up")
            taken = visitor.post("/console/sign-up", {"organization": HOSTILE, "email": "b@example.org"})
            assert (taken.status_code, "already exists" in visitor.page) == (409, True)
            made = visitor.post("/console/sign-up", {"organization": "South", "email": "b@example.org"})
            assert (made.status_code, "psk_" in visitor.page) == (200, True)
            wrong = {"email": "guessed@example.org", "password": "wrong"}
            codes = [visitor.post("/console/sign-in", wrong).status_code for _ in range(4)]
            assert codes == [401, 401, 401, 429]
            assert re.search(r"retry in \d+ s", visitor.page)


def _set_up(server: InProcessServer) -> None:
    token = server.call(lambda one: one.parts.setup.issue())
    form = {"token": token, "organization": HOSTILE, "email": "ada@example.org", "password": "short"}
    with Browser(server.client()) as visitor:
        assert visitor.get("/console/setup").status_code == 200
        assert visitor.post("/console/setup", form).status_code == 400
        assert "at least 12 characters" in visitor.page
        done = visitor.post("/console/setup", form | {"password": PASSWORD})
        assert done.status_code == 200
        assert "psk_" in visitor.page
        assert "<img src=x" not in visitor.page
        assert "ada@example.org" in visitor.get("/console/profile").text
        again = visitor.post("/console/setup", form | {"password": PASSWORD})
        assert (again.status_code, "already set up" in visitor.page) == (404, True)
