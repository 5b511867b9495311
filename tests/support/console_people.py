"""Browsers of people who may do less than the owner, and names that try to break pages."""

from __future__ import annotations

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HOSTILE = '<img src=x onerror=alert(1)> " שלום 🎉 {{ 7 * 7 }}'


def viewer_of(server: InProcessServer, org: Org, mark: str) -> Browser:
    """A browser in which somebody who may only read has signed in; `mark` makes the name of a test's own person."""
    (person,) = Registry(server.data_dir, org.organization_id, server.run).members(mark, "viewer")
    return browser_of(server, org, person.email, PASSWORD)


def harmless(page: str) -> bool:
    """Whether a page shows the hostile name, and as text only."""
    return "&lt;img src=x onerror=alert(1)&gt;" in page and "<img src=x" not in page and "{{ 7 * 7 }}" in page
