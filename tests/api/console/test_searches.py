"""Lists that are searched and sorted: the parameters of the page's address are those of the API's list."""

from __future__ import annotations

import re

import pytest

from tests.api.console.cold_store import ColdStore
from tests.support.console import Browser

PAGES = {
    "/console/keys": "name",
    "/console/people": "name",
    "/console/people/invitations": "email",
    "/console/people/groups": "name",
    "/console/rules": "name",
    "/console/webhooks": "name",
    "/console/customers": "name",
    "/console/inbox/addresses": "value",
    "/console/sensor-templates": "name",
    "/console/channels": "name",
    "/console/alerts/definitions": "name",
    "/console/connections": "name",
    "/console/profiles": "name",
    "/console/bills/tariffs": "name",
}
"""Pages with a search, and a sort of each."""


@pytest.mark.parametrize("path", PAGES)
def test_a_list_is_searched_and_sorted(path: str, owner: Browser) -> None:
    sort = PAGES[path]
    assert owner.get(path, params={"q": "zebra <b>", "sort": f"-{sort}"}).status_code == 200
    assert 'name="q" value="zebra &lt;b&gt;"' in owner.page
    assert f'name="sort" value="-{sort}"' in owner.page
    assert "Nothing matches" in owner.page or "No key matches" in owner.page or "No alert matches" in owner.page
    assert owner.get(path, params={"sort": "wrong"}).status_code == 400
    assert owner.get(path, params={"q": "", "sort": sort}).status_code == 200


def test_the_search_of_the_api_decides(owner: Browser, store: ColdStore) -> None:
    for name in ("Alder", "Birch"):
        store.call("POST", "/api/v2/groups", {"name": name})
    here = "/console/people/groups"
    owner.get(here, params={"sort": "-name"})
    assert owner.page.index("Birch") < owner.page.index("Alder")
    assert re.search(r'aria-sort="descending"[^>]*>\s*<a class="sort" href="/console/people/groups\?sort=name"', owner.page)
    owner.get(here, params={"q": "bir"})
    assert "Birch" in owner.page
    assert "Alder" not in owner.page
    assert "/console/csv/v2/groups?q=bir" in owner.page


def test_the_trash_is_searched_as_such(owner: Browser) -> None:
    owner.get("/console/rules?trashed=true")
    assert '<input type="hidden" name="trashed" value="true">' in owner.page
    owner.get("/console/rules")
    assert 'name="trashed"' not in owner.page


def test_residents_are_searched(owner: Browser, store: ColdStore) -> None:
    body = {"name": "Riverside", "admin_email": "ada@example.org", "timezone": "Europe/Berlin", "tenant_name": "riverside"}
    customer = store.call("POST", "/api/v2/customers", body)["id"]
    for name in ("Grace", "Alan"):
        person = {"name": name, "email": f"{name.lower()}@example.org"}
        store.call("POST", f"/api/v2/customers/{customer}/residents", person)
    owner.get(f"/console/customers/{customer}/residents", params={"q": "gra"})
    shown = owner.page.partition('id="list"')[2].partition("</table>")[0]
    assert "Grace" in shown
    assert "Alan" not in shown
    assert f"/console/csv/v2/customers/{customer}/residents?q=gra" in owner.page
