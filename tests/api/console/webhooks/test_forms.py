"""The form of a webhook becomes the body of a call, and shows what exists."""

from __future__ import annotations

from typing import Any

from penstock.api.console.shared.forms import Form
from penstock.api.console.webhooks.forms import NAMES, changed_body, new_body, shown, words

TYPED: dict[str, list[str]] = {
    "url": [" https://x "],
    "name": ["Plant"],
    "format": ["standard"],
    "topics": ["alert.*", "device.online"],
    "device_ids": ["dev_1, dev_2"],
    "labels": ["site=north\nkind=a"],
    "condition": ["device.name == 'x'"],
    "headers": ["Authorization: Bearer a:b\nX-One: 1"],
    "batch_readings": ["50"],
    "ordered": ["true"],
}
WEBHOOK: dict[str, Any] = {
    "name": "Plant",
    "url": "https://x",
    "format": "standard",
    "project_id": None,
    "topics": ["alert.*", "device.online"],
    "filters": {"device_ids": ["dev_1"], "labels": {"site": "north"}, "actions": [], "channel": None, "condition": "true"},
    "ordered": True,
    "payload_only": False,
    "batch": {"readings": 50, "wait_s": 9},
}


def test_a_new_one() -> None:
    body = new_body(Form(TYPED))
    assert (body["url"], body["topics"], body["ordered"]) == ("https://x", ["alert.*", "device.online"], True)
    assert body["headers"] == {"Authorization": "Bearer a:b", "X-One": "1"}
    assert body["batch"] == {"readings": 50}
    assert body["filters"]["device_ids"] == ["dev_1", "dev_2"]
    assert body["filters"]["labels"] == {"site": "north", "kind": "a"}
    assert "secret" not in body


def test_headers_stay_unless_they_are_replaced() -> None:
    assert "headers" not in changed_body(Form(TYPED))
    assert "headers" in changed_body(Form(TYPED | {"replace_headers": ["true"]}))


def test_what_was_cleared_is_cleared() -> None:
    body = changed_body(Form({"url": ["https://x"], "name": [""]}))
    assert (body["name"], body["project_id"], body["batch"], body["ordered"]) == ("", None, None, False)
    assert body["filters"] == {"device_ids": [], "labels": {}, "actions": []}


def test_what_exists_is_shown_and_comes_back() -> None:
    form = shown(WEBHOOK)
    body = changed_body(form)
    assert {name: body[name] for name in ("name", "url", "topics", "batch", "ordered")} == {
        name: WEBHOOK[name] for name in ("name", "url", "topics", "batch", "ordered")
    }
    assert body["filters"]["labels"] == {"site": "north"}


def test_errors_find_their_fields() -> None:
    form = Form().failed({"detail": "x", "errors": [{"field": "filters.condition", "detail": "is odd"}]}, NAMES)
    assert form.error("condition") == "is odd"


def test_words() -> None:
    assert words(Form({"actions": ["a, b", "c\nd"]}), "actions") == ["a", "b", "c", "d"]
