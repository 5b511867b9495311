"""Endpoints whose messages are in Iottly's form."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.v2.webhooks.test_routes import HOOK, PATH


@pytest.mark.parametrize(("more", "field"), [({}, "project_id"), ({"secret": "0123456789abcdef"}, "secret")])
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, more: dict[str, Any], field: str) -> None:
    answer = api.post(PATH, json=HOOK | {"format": "iottly"} | more)
    assert answer.status_code == 400, answer.text
    assert field in [one["field"] for one in answer.json()["errors"]], answer.text


def test_they_are_five_per_project_and_have_no_secret(api: httpx.Client) -> None:
    project_id = api.post("/api/v2/projects", json={"name": "Hooked"}).json()["id"]
    hook = HOOK | {"topics": ["reading.*"], "format": "iottly", "project_id": project_id, "filters": {"origin": "agent"}}
    made = [api.post(PATH, json=hook) for _ in range(6)]
    assert [one.status_code for one in made] == [201] * 5 + [429]
    assert made[5].json()["code"] == "webhooks.limit_reached"
    assert made[0].json()["secret"] is None
    rotated = api.post(f"{PATH}/{made[0].json()['webhook']['id']}/rotate-secret", json={})
    assert (rotated.status_code, rotated.json()["code"]) == (409, "webhooks.not_signed")
    refused = api.post(PATH, json=hook | {"topics": ["device.*"]})
    assert refused.json()["errors"][0]["field"] == "topics"
