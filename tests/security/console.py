"""Walks through the console as a person does: along every link, with the forms of every page."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx
import msgspec
from lxml import html

from penstock.api.console.shared.pages import PageRoute, routes_of
from penstock.bootstrap.console_pages import console_pages
from penstock.kit.clock import SystemClock
from penstock.settings import load_settings
from tests.security.people import Person
from tests.support.console import Browser
from tests.support.in_process import InProcessServer

ROOT = "/console"
SAME_ADDRESSES = 1
"""How many pages of one route are opened, for each set of parameters in the query."""


class Form(msgspec.Struct, frozen=True):
    """A form of a page: where it is sent, how, and with which fields as the page shows them."""

    page: str
    method: str
    action: str
    fields: dict[str, str]


class Seen(msgspec.Struct, frozen=True):
    """A page that was opened, and the page that led there."""

    path: str
    source: str
    answer: httpx.Response

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.answer.content)


class Walk(msgspec.Struct):
    """What somebody came across: pages, files that they link to, forms, and places that are not of the console."""

    pages: list[Seen] = []
    files: list[Seen] = []
    forms: list[Form] = []
    elsewhere: set[str] = set()


@functools.cache
def routes() -> tuple[PageRoute, ...]:
    """Every route of the console."""
    return tuple(route for each in console_pages(load_settings(environment={}), SystemClock()) for route in routes_of(each))


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    # What is written out comes first: `/devices/new` is no device.
    ordered = sorted({route.path for route in routes()}, key=lambda path: (path.count("{"), path))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in ordered]


def template_of(path: str) -> str | None:
    """The path of the route that serves a path."""
    return next((template for pattern, template in _patterns() if pattern.fullmatch(path)), None)


def browser_for(server: InProcessServer, person: Person | None) -> Browser:
    """A browser in which somebody is signed in, or nobody."""
    browser = Browser(server.client())
    if person is not None:
        browser.cookies["penstock_session"] = person.refresh_token
    return browser


def walk(browser: Browser, start: str = ROOT) -> Walk:
    """Open the first page and all that can be reached from it."""
    found, waiting = Walk(), [("/console/profile", ""), (start, "")]
    opened: dict[tuple[str, str], int] = {}
    known = set()
    while waiting:
        path, source = waiting.pop(0)
        if path in known or not _is_new(path, opened):
            continue
        known.add(path)
        answer = browser.get(path)
        if answer.status_code == 303:
            waiting.append((_inside(path, answer.headers["location"]) or ROOT, source))
            continue
        seen = Seen(path, source, answer)
        if path.startswith((f"{ROOT}/api/", f"{ROOT}/csv/")):
            found.files.append(seen)
            continue
        found.pages.append(seen)
        if answer.status_code == 200:
            waiting += [(link, path) for link in _links(seen, found)]
            found.forms += forms_of(seen)
    return found


def _is_new(path: str, opened: dict[tuple[str, str], int]) -> bool:
    parts = urlsplit(path)
    template = template_of(parts.path) or re.sub(r"[a-z]{3}_[0-9a-z]{13}", "{id}", parts.path)
    kind = template, ",".join(sorted(name for name, _ in parse_qsl(parts.query)))
    opened[kind] = opened.get(kind, 0) + 1
    return opened[kind] <= SAME_ADDRESSES


def _links(seen: Seen, found: Walk) -> Iterator[str]:
    for element in seen.tree.iter("a", "form"):
        target = element.get("href") if element.tag == "a" else _get_action(element, seen.path)
        if target is None or target.startswith("#"):
            continue
        inside = _inside(seen.path, target)
        if inside is not None and not inside.startswith(f"{ROOT}/static/"):
            yield inside
        elif inside is None:
            found.elsewhere.add(target)


def _get_action(form: html.HtmlElement, path: str) -> str | None:
    if (form.get("method") or "get").lower() != "get":
        return None
    filled = urlencode([(name, value) for name, value in form.form_values() if value])
    return f"{urlsplit(form.get('action') or path).path}?{filled}" if filled else None


def _inside(path: str, target: str) -> str | None:
    """The path of a link within the console; None if it leads elsewhere."""
    parts = urlsplit(urljoin(f"http://here{path}", target))
    if parts.netloc != "here" or parts.scheme != "http" or not (parts.path == ROOT or parts.path.startswith(f"{ROOT}/")):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def forms_of(seen: Seen) -> Iterator[Form]:
    """The forms of a page that change something, as their first button sends them, and one per button that sends it elsewhere."""
    for form in seen.tree.iter("form"):
        sends = [button for button in form.iter("button") if (button.get("type") or "submit") == "submit"]
        if (form.get("method") or "get").lower() != "post" or not sends:
            continue  # without a button it is only read
        fields = {name: value for name, value in form.form_values() if value is not None}
        if sends[0].get("name"):
            fields[sends[0].get("name")] = sends[0].get("value") or ""
        actions = [form.get("action") or seen.path]
        actions += [button.get("formaction") for button in sends if button.get("formaction")]
        for action in actions:
            yield Form(seen.path, "POST", urlsplit(urljoin(f"http://here{seen.path}", action)).path, fields)
