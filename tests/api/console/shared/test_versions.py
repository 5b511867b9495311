"""A form that was opened before a change of somebody else does not overwrite it."""

from __future__ import annotations

from html import unescape
from typing import Any

import httpx
import pytest
from lxml import html

from penstock.api.console.shared.versions import CHANGED, Versions
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer

RULE = {"trigger": {"type": "reading"}, "condition": "", "actions": [{"type": "label", "key": "a", "value": "b"}]}
WEBHOOK = {"url": "https://a.example/x", "topics": ["device.*"]}
ALERT = {"target": {"labels": {"a": "b"}}, "condition": {"type": "threshold", "field": "t", "operator": ">", "value": 6}}
THINGS: dict[str, tuple[str, dict[str, Any], str]] = {
    "devices": ("/console/devices/{id}/settings", {}, "/console/devices/{id}/settings"),
    "alerts": ("/console/alerts/{id}/edit", ALERT, "/console/alerts/{id}/edit"),
    "rules": ("/console/rules/{id}", {"definition": RULE}, "/console/rules/{id}"),
    "webhooks": (
        "/console/webhooks/{id}/edit",
        {"url": "https://a.example/x", "topics": ["device.*"]},
        "/console/webhooks/{id}/edit",
    ),
    "profiles": ("/console/profiles/{id}/edit", {}, "/console/profiles/{id}/edit"),
    "customers": (
        "/console/customers/{id}/edit",
        {"admin_email": "a@example.org", "tenant_name": "t", "timezone": "UTC"},
        "/console/customers/{id}/edit",
    ),
}
"""By the API's list: the page with the form, what a thing is made with, and where the form is sent."""


def test_a_version_is_used_once_and_kept_for_a_form_that_is_shown_again() -> None:
    versions = Versions('{"/a": "\\"1.2\\"", "/b": "no tag", "/c": "W/\\"3\\""}')
    versions.note("/a", '"9.9"')
    versions.note("/d", '"4"')
    versions.note("/e", "")
    assert (versions.take("/a"), versions.take("/a"), versions.take("/b"), versions.take("/c")) == ('"1.2"', "", "", 'W/"3"')
    assert versions.text() == '{"/a":"\\"1.2\\"","/d":"\\"4\\"","/c":"W/\\"3\\""}'
    versions.came_too_late("/a")
    assert '"/a":"\\"9.9\\""' in versions.text()


@pytest.mark.parametrize("sent", ["", "nonsense", "[1]", '{"a": 1}', "[" * 2000])
def test_what_no_page_wrote_says_nothing(sent: str) -> None:
    assert Versions(sent).text() == ""


def fields_of(browser: Browser, action: str) -> dict[str, Any]:
    """What a browser would send of a form."""
    [form] = [
        one for one in html.fromstring(browser.page).forms if unescape(one.action or "") == action and "etags" in one.fields
    ]
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("noun", THINGS)
def test_of_two_tabs_the_second_is_told_and_loses_nothing(in_process: InProcessServer, noun: str) -> None:
    org = in_process.new_org()
    page, body, action = THINGS[noun]
    with in_process.client(org) as api, browser_of(in_process, org) as browser:
        made = _made(api.post(f"/api/v2/{noun}", json=body | {"name": "Before"}))
        path, api_path = page.format(id=made), f"/api/v2/{noun}/{made}"
        browser.get(path)
        second = fields_of(browser, action.format(id=made)) | {"description": ["From the second tab"]}
        api.patch(api_path, json={"name": "After"}).raise_for_status()
        answer = browser.post(action.format(id=made), second)
        assert answer.status_code in (303, 412), answer.status_code
        text = browser.follow(answer).text if answer.status_code == 303 else answer.text
        assert CHANGED[:40] in text
        assert api.get(api_path).json()["name"] == "After"


def _made(answer: httpx.Response) -> str:
    found = answer.raise_for_status().json()
    return str((found.get("device") or found.get("webhook") or found)["id"])
