"""The pages of dashboards as a browser meets them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.console import Browser

HOME = "/console/dashboards"
HOSTILE = '"><img src=x onerror=alert(1)> \u202e\U0001f680'
ESCAPED = "&gt;&lt;img src=x onerror=alert(1)&gt;"


def test_the_list_finds_folders_and_dashboards(browser: Browser, api: httpx.Client, board: dict[str, Any]) -> None:
    answer = browser.post(f"{HOME}/folders", {"name": "Buildings"})
    page = browser.follow(answer).text
    assert "Buildings" in page
    assert "Climate" not in page, "only what is in the folder"
    folder_id = answer.headers["location"].rpartition("=")[2]
    browser.post(f"{HOME}/folders/{folder_id}/rename", {"name": "Houses"})
    assert "Houses" in browser.get(f"{HOME}?q=Clim").text
    assert f"{HOME}/{board['id']}" in browser.page
    assert "Climate" not in browser.get(f"{HOME}?q=nothing").text
    browser.post(f"{HOME}/folders/{folder_id}/delete")
    assert "Houses" not in browser.get(f"{HOME}?sort=-updated_at").text


def test_a_dashboard_is_made_changed_copied_and_deleted(browser: Browser, api: httpx.Client) -> None:
    assert browser.get(f"{HOME}/new").status_code == 200
    refused = browser.post(
        f"{HOME}/new", {"name": "Wall", "range": "99z", "variables[0].type": "label", "variables[0].name": "No"}
    )
    assert (refused.status_code, "a name such as room_1" in refused.text) == (400, True)
    fields = {"name": HOSTILE, "description": HOSTILE, "range": "6h", "live": "true"}
    fields |= {"variables[0].type": "label", "variables[0].name": "floor", "variables[0].label_key": "floor"}
    answer = browser.post(f"{HOME}/new", fields)
    path = answer.headers["location"].partition("?")[0]
    page = browser.follow(answer).text
    assert ESCAPED in page
    assert "<img src=x" not in page
    found = api.get(f"/api/v2/dashboards/{path.rpartition('/')[2]}").json()
    assert (found["name"], found["range"], found["live"], found["variables"][0]["label_key"]) == (HOSTILE, "6h", True, "floor")
    settings = browser.get(f"{path}/settings").text
    assert 'name="variables[0].label_key"' in settings
    assert "no device fits" in settings
    more = browser.post(f"{path}/settings", fields | {"do": "add:variables:device"}).text
    assert 'name="variables[1].default"' in more
    browser.post(f"{path}/settings", {"name": "Wall", "range": "7d"})
    found = api.get(f"/api/v2/dashboards/{found['id']}").json()
    assert (found["name"], found["description"], found["live"], found["variables"]) == ("Wall", "", False, [])
    assert browser.post(f"{path}/settings", {"name": ""}).status_code == 400
    copied = browser.post(f"{path}/duplicate").headers["location"]
    assert "Wall (copy)" in browser.get(copied).text
    assert browser.post(f"{copied}/delete").headers["location"] == HOME
    assert browser.get(copied).status_code == 404
    assert browser.post(f"{copied}/delete").headers["location"] == copied, "back, with the reason"


def test_a_dashboard_has_its_widgets_and_what_the_address_chooses(browser: Browser, board: dict[str, Any]) -> None:
    page = browser.get(f"{HOME}/{board['id']}?range=1h&var-room=dev_x").text
    assert "# Hello" in page
    assert "&#34;room&#34;: &#34;dev_x&#34;" in page
    wall = browser.get(f"{HOME}/{board['id']}?wall=1").text
    assert "data-clock" in wall
    assert "side-nav" not in wall


def test_a_document_is_imported(browser: Browser) -> None:
    assert browser.get(f"{HOME}/import").status_code == 200
    assert "is not JSON" in browser.post(f"{HOME}/import", {"document": "{"}).text
    assert browser.post(f"{HOME}/import", {"document": "{}"}).status_code == 400
    gone = {"type": "last_value", "source": {"device_id": "dev_0c2k9fq7w3m1x"}, "field": "t"}
    document = {"format": "penstock-dashboard", "version": 1, "name": "Old", "widgets": [{"options": gone}]}
    answer = browser.post(f"{HOME}/import", {"document": httpx.Response(200, json=document).text})
    assert "1 of its devices do not exist here" in browser.follow(answer).text


def test_dashboards_are_pinned(browser: Browser, board: dict[str, Any]) -> None:
    browser.post(f"{HOME}/pin", {"dashboard_id": board["id"]})
    assert "Pinned dashboards" in browser.get(HOME).text
    browser.post(f"{HOME}/pin", {"dashboard_id": board["id"]})
    assert "Pinned dashboards" not in browser.get(HOME).text


def test_a_viewer_only_looks(viewer: Browser, board: dict[str, Any], api: httpx.Client) -> None:
    page = viewer.get(HOME).text
    assert "Climate" in page
    assert "New dashboard" not in page
    page = viewer.get(f"{HOME}/{board['id']}").text
    assert "# Hello" in page
    assert "data-board-edit" not in page
    assert f"{board['id']}/settings" not in page
    assert viewer.post(f"{HOME}/new", {"name": "Mine"}).status_code == 403
    viewer.post(f"{HOME}/{board['id']}/delete")
    assert api.get(f"/api/v2/dashboards/{board['id']}").status_code == 200
