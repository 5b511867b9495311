"""What the parameters of a list ask for, and lists over HTTP that are searched and sorted."""

from __future__ import annotations

import httpx
import pytest

from penstock.api.v2.views import order_of, view_of
from penstock.api.v2.wire import NewestFirst
from penstock.kit.ordering import View


def test_a_text_and_an_order_are_asked_for() -> None:
    query = NewestFirst(q="pump", sort="name")
    assert view_of(query) == View(text="pump", sort="name")
    assert order_of(query) == View(sort="name")


PATHS = {
    "/api/v2/groups": {},
    "/api/v2/projects": {},
    "/api/v2/profiles": {},
    "/api/v2/connections": {"type": "chirpstack"},
    "/api/v2/sensor-templates": {"key": "listed"},
}
NAMES = ("Sorted beta", "sorted Alpha", "Sorted 5%_x")


@pytest.mark.parametrize("path", PATHS)
def test_a_list_is_searched_and_sorted(api: httpx.Client, path: str) -> None:
    for name in NAMES:
        made = api.post(path, json=PATHS[path] | {"name": name})
        assert made.status_code == 201, made.text
    for sort, expected in (("name", [2, 1, 0]), ("-name", [0, 1, 2]), ("created_at", [0, 1, 2]), ("-created_at", [2, 1, 0])):
        found, cursor = [], None
        while True:
            query = {"q": "SORTED", "sort": sort, "limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = api.get(path, params=query).json()
            found += [NAMES.index(one["name"]) for one in page["data"]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert found == expected, sort
    assert [one["name"] for one in api.get(path, params={"q": "5%_x"}).json()["data"]] == [NAMES[2]]
    assert api.get(path, params={"q": "sorted%b"}).json()["data"] == []
    first = api.get(path, params={"q": "sorted", "sort": "name", "limit": "1"}).json()["next_cursor"]
    assert api.get(path, params={"sort": "-name", "cursor": first}).status_code == 400
