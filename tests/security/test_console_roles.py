"""The console as each role: every link and every form leads somewhere, nowhere is anything of another organisation, and nothing
that somebody wrote becomes more than text.

A page shows what the API answers the same person, as it has no other way to anything: the contract `console-calls-the-api` in
`.importlinter` says so.
"""

from __future__ import annotations

import secrets
from html import escape
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from penstock.api.console.shared.cookies import NOTICE, read_notice
from tests.security.console import Form, Seen, Walk, browser_for, routes, template_of, walk
from tests.security.holding import Holding, MakeHolding
from tests.security.hostility import HOSTILE, LINK, faults_of, make_hostile, shows_hostile
from tests.security.people import Person
from tests.security.test_resident import assign
from tests.support.console import Browser
from tests.support.forgery import one_character_off
from tests.support.in_process import InProcessServer

GATE = ("owner", "viewer", "resident", "limited", "visitor")
"""The roles that walk in each run; all of them in long ones."""
EACH = [
    role if role in GATE else pytest.param(role, marks=pytest.mark.prove)
    for role in ("owner", "admin", "member", "viewer", "resident", "customer_manager", "limited", "visitor")
]
ROLES = ("owner", "admin", "member", "viewer", "resident", "customer_manager", "limited", "visitor")
PUBLIC = {
    ("GET", "/console/sign-in"),
    ("POST", "/console/sign-in"),
    ("POST", "/console/sign-in/code"),
    ("GET", "/console/welcome"),
    ("POST", "/console/welcome"),
    ("POST", "/console/sign-out"),
    ("GET", "/console/setup"),
    ("POST", "/console/setup"),
    ("GET", "/console/accept-invitation"),
    ("POST", "/console/accept-invitation"),
    ("GET", "/console/forgot-password"),
    ("POST", "/console/forgot-password"),
    ("GET", "/console/reset-password"),
    ("POST", "/console/reset-password"),
    ("GET", "/console/sign-up"),
    ("POST", "/console/sign-up"),
    ("GET", "/console/shared/{share_token}"),
}
"""What needs no session. A page is put here on purpose."""
SHORT = 8
"""Marks up to this length are words that may stand anywhere."""
HOSTILE_CALLS = 40
"""The number of operations that at least take a hostile text."""
OF_OPERATOR = "/console/system"
"""Opens only for who operates the server, which no scope tells: to others the page says so."""
UNLINKED = 0.75
"""The part of the pages that a walk of the owner must at least reach."""
ENDING: tuple[str, ...] = (
    "/sign-out",
    "/organization",
    "/delete",
    "/remove",
    "/revoke",
    "/end",
    "/withdraw",
    "/token",
    "/rotate",
    "/password",
    "/second-factor",
    "/role",
    "/discard",
    "/disable",
    "/pause",
    "/stop",
    "/bulk",
)
"""Forms after which there is less to see: nobody sends these on the walk."""


@pytest.fixture(scope="module")
def home(client: httpx.Client, server: InProcessServer, new_holding: MakeHolding) -> Holding:
    """What the organisation that is walked through holds, with hostile texts in it. Its device is assigned to its resident."""
    holding = new_holding(server.new_org(), "walked")
    assert make_hostile(client, holding) > HOSTILE_CALLS
    assign(client, holding)
    return holding


@pytest.fixture(scope="module")
def people(home: Holding, server: InProcessServer) -> dict[str, Person | None]:
    """Somebody of each role. The limited one must enrol a second factor before anything else."""
    mark = secrets.token_hex(6)
    found: dict[str, Person | None] = dict.fromkeys(ROLES)
    roles = ROLES[:4]
    found |= dict(zip(roles, home.people.members(mark, *roles), strict=True))
    found["resident"] = home.people.resident(mark, home.resident_id)
    found["customer_manager"] = home.people.manager(mark, home.customer_id)
    strict = server.new_org()
    with server.client(strict) as api:
        api.patch("/api/v2/organization", json={"require_mfa": True}).raise_for_status()
    found["limited"] = type(home.people)(strict.data_dir, strict.organization_id, strict.run).members(mark, "member")[0]
    return found


class Walks(dict[str, Walk]):
    """What each of them comes across, once somebody asks."""

    def __init__(self, server: InProcessServer, people: dict[str, Person | None]) -> None:
        self._server = server
        self._people = people

    def __missing__(self, role: str) -> Walk:
        self[role] = walk(browser_for(self._server, self._people[role]))
        return self[role]


@pytest.fixture(scope="module")
def walks(server: InProcessServer, people: dict[str, Person | None]) -> Walks:
    return Walks(server, people)


@pytest.mark.parametrize("role", EACH)
def test_no_page_fails_and_every_link_leads_somewhere(role: str, walks: Walks) -> None:
    found = walks[role]
    failed = [one for one in found.pages + found.files if one.answer.status_code != 200]
    wrong = [(one.answer.status_code, one.path, one.source) for one in failed if not _is_argued(one)]
    assert not wrong
    assert not [target for target in found.elsewhere if not target.startswith(("/docs", "/api/", "https://", "mailto:"))]


def _is_argued(one: Seen) -> bool:
    """The audit log leads to what was there when something was done to it."""
    return one.path == OF_OPERATOR or (one.answer.status_code == 404 and one.source.startswith("/console/audit"))


@pytest.mark.parametrize("role", EACH)
def test_nothing_of_another_organisation_is_shown(role: str, walks: Walks, theirs: Holding) -> None:
    marks = [mark for mark in theirs.marks if len(mark) > SHORT]
    shown = [(one.path, mark) for one in walks[role].pages + walks[role].files for mark in marks if mark in one.answer.text]
    assert not shown


@pytest.mark.parametrize("role", EACH)
def test_what_is_offered_is_not_refused_for_who_it_is(
    role: str, server: InProcessServer, people: dict[str, Person | None], walks: Walks
) -> None:
    """A form may lack a value that only a person can give; the person must be allowed to send it, and the server must cope."""
    browser = browser_for(server, people[role])
    sent, refused = set(), []
    for form in walks[role].forms:
        template = template_of(form.action)
        assert template is not None, form
        assert ("POST", template) in {(route.method, route.path) for route in routes()}, form
        if template in sent or any(part in form.action for part in ENDING):
            continue
        sent.add(template)
        answer = _sent(browser, form)
        notice = read_notice(browser.cookies.pop(NOTICE, None))
        if answer.status_code in (403, 404, 405, 500) or (notice is not None and "scope" in notice.text):
            refused.append((form.page, form.action, answer.status_code, notice))
    assert not refused


def _sent(browser: Browser, form: Form) -> httpx.Response:
    browser.csrf = form.fields.get("csrf_token", "")
    return browser.post(form.action, form.fields)


def test_the_walk_sees_most_of_the_console(walks: Walks) -> None:
    """Without this, a walk that gets nowhere would find nothing wrong."""
    pages = {route.path for route in routes() if route.method == "GET"} - {path for _, path in PUBLIC}
    reached = {template_of(urlsplit(one.path).path) for one in walks["owner"].pages}
    assert len(pages & reached) / len(pages) > UNLINKED, sorted(pages - reached)
    assert len(walks["viewer"].forms) < len(walks["owner"].forms)
    assert len(walks["resident"].pages) < len(walks["viewer"].pages)


def test_texts_stay_texts(walks: Walks) -> None:
    faults = [(role, one.path, faults_of(one.answer.text)) for role in GATE for one in walks[role].pages]
    assert not [fault for fault in faults if fault[-1]]
    showing = [one.path for one in walks["owner"].pages if shows_hostile(one.answer.text)]
    assert len(showing) > len(walks["owner"].pages) / 3, showing


def test_a_hostile_text_that_got_through_is_found() -> None:
    for page, fault in {
        f"<p>{HOSTILE}</p>": "an element",
        f"<script>let a = {HOSTILE}</script>": "a script",
        f'<a title="{HOSTILE}">': "an element",
        f"<a href='{LINK}'>x</a>": f"a href={LINK}",
        "<p onclick=x>": "p onclick=x",
        "<p>&lt;img src=x onerror=alert(1)&gt;49</p>": "a template that was computed",
    }.items():
        assert fault in faults_of(page)
    assert faults_of(f"<p>{escape(HOSTILE)}</p>") == []


def test_every_form_carries_the_token_of_the_session(walks: Walks) -> None:
    for role in GATE:
        if role != "visitor":
            assert not [form for form in walks[role].forms if not form.fields.get("csrf_token")]


def test_visitors_are_sent_to_the_sign_in_by_all_but_the_public_pages(server: InProcessServer, home: Holding) -> None:
    assert {(route.method, route.path) for route in routes() if route.public} == PUBLIC
    browser = browser_for(server, None)
    for route in routes():
        if route.public:
            continue
        answer = browser.client.request(route.method, _filled(route.path, home), headers={"sec-fetch-site": "same-origin"})
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/console/sign-in"), route.path


def test_a_limited_session_sees_its_profile_only(walks: Walks) -> None:
    allowed = ("/console/profile", "/console/organizations", "/console/sign-")
    assert {one.path for one in walks["limited"].pages if not one.path.startswith(allowed)} <= {"/console/setup"}


@pytest.mark.parametrize("sent", ["none", "wrong", "of another session", "cross-site"])
def test_a_form_without_its_token_changes_nothing(
    sent: str, server: InProcessServer, home: Holding, people: dict[str, Person | None]
) -> None:
    browser = browser_for(server, people["owner"])
    browser.get("/console/profile")
    own, site = browser.csrf, "same-origin"
    if sent == "cross-site":
        token, site = own, "cross-site"
    elif sent == "of another session":
        with browser_for(server, people["admin"]) as another:
            another.get("/console/profile")
            token = another.csrf
            assert token != own
    else:
        token = "" if sent == "none" else one_character_off(own)
    before = _all_of(server, home)
    for route in routes():
        if route.method == "POST" and not route.public:
            browser.csrf = token
            answer = browser.post(_filled(route.path, home), {"name": "forged"}, headers={"sec-fetch-site": site})
            assert answer.status_code == 403, (route.path, answer.status_code)
    assert _all_of(server, home) == before


def test_other_sites_cannot_send_the_forms_of_visitors(server: InProcessServer) -> None:
    browser = browser_for(server, None)
    for route in routes():
        if route.method == "POST" and route.public:
            assert browser.post(route.path, {"email": "x"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403, (
                route.path
            )


def test_the_door_of_scripts_is_shut_to_other_sites(
    server: InProcessServer, home: Holding, people: dict[str, Person | None]
) -> None:
    browser = browser_for(server, people["owner"])
    path = f"/console/api/v2/devices/{home.device_id}"
    browser.get("/console/profile")
    assert browser.get(path).status_code == 200
    for site in ("cross-site", "same-site"):
        assert browser.get(path, headers={"sec-fetch-site": site}).status_code == 403
    old = {"sec-fetch-site": "none", "x-csrf-token": "wrong"}
    for headers in (
        {"sec-fetch-site": "same-origin"},
        old,
        {"sec-fetch-site": "cross-site", "x-csrf-token": browser.csrf},
        {"sec-fetch-site": "same-site", "x-csrf-token": browser.csrf},
    ):
        answer = browser.client.patch(path, headers=browser._headers(headers), json={"name": "forged"})
        assert answer.status_code == 403, headers
    assert "forged" not in browser.get(path).text
    with browser_for(server, None) as visitor:
        assert visitor.get(path).status_code == 401


def test_what_is_of_another_organisation_does_not_exist(
    server: InProcessServer, theirs: Holding, people: dict[str, Person | None]
) -> None:
    """Each page, and each form, with an id in its path."""
    browser = browser_for(server, people["owner"])
    browser.get("/console/profile")
    before = _all_of(server, theirs)
    tried, wrong = 0, []
    for route in routes():
        if "_id}" not in route.path:
            continue
        path = _filled(route.path, theirs)
        answer = browser.get(path) if route.method == "GET" else browser.post(path, {"name": "forged", "confirm": "forged"})
        tried += 1
        notice = read_notice(browser.cookies.pop(NOTICE, None))
        refused = route.method == "POST" and answer.status_code in (303, 400, 409, 422)
        if answer.status_code != 404 and not (refused and (notice is None or notice.tone == "bad")):
            wrong.append((route.method, path, answer.status_code, notice))
        shown = answer.text.replace(path, "").replace(unquote(path), "")
        ids = {part for part in path.split("/")}
        assert not [mark for mark in theirs.marks - ids if len(mark) > SHORT and mark in shown], path
    assert not wrong
    assert tried > 30
    assert _all_of(server, theirs) == before


def _filled(template: str, holding: Holding) -> str:
    """The path of a route with the organisation's things in it."""
    values = {
        "type": "custom",
        "transport": "http",
        "topic": "sms.inbound",
        "action": "acknowledge",
        "verdict": "approve",
        "token": holding.more["token"],
        "customer_id": holding.customer_id,
        **holding.path,
    }
    return template.format_map(values)


def _all_of(server: InProcessServer, holding: Holding) -> dict[str, str]:
    """What the API tells of the organisation's things that a forged form could change."""
    nouns = (
        "devices",
        "keys",
        "members",
        "groups",
        "invitations",
        "webhooks",
        "rules",
        "alerts",
        "connections",
        "profiles",
        "notification-channels",
        "sensor-templates",
        "organization",
        "dashboards",
        "customers",
        "tokens",
    )
    found = {}
    with server.client(holding.org) as api:
        for noun in nouns:
            answer = api.get(f"/api/v2/{noun}")
            rows = answer.json().get("data", [answer.json()])
            found[noun] = repr([{key: row.get(key) for key in ("id", "name", "enabled", "state", "role")} for row in rows])
    return found
