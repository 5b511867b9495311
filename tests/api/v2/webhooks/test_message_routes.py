"""Messages of webhooks over HTTP: what became of each, and sending one again."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.v2.webhooks.hook import PATH
from tests.support.waiting import eventually


def test_a_test_message_tells_what_came_of_it_and_is_sent_again(api: httpx.Client, webhook: dict[str, Any]) -> None:
    message = api.post(f"{PATH}/{webhook['id']}/test").json()
    path = f"/api/v2/webhook-messages/{message['id']}"
    assert eventually(lambda: api.get(f"{path}/attempts").json()["data"])
    [attempt] = api.get(f"{path}/attempts").json()["data"][-1:]
    assert (attempt["status"], attempt["error"]) == (None, "the connection failed: no connection")
    found = api.get(path).json()
    assert (found["status"], found["topic"]) == ("pending", "webhook.test")
    assert '"webhook.test"' in found["payload"]
    query = {"webhook_id": webhook["id"], "topic": "webhook.*", "status": "pending", "from": "2020-01-01T00:00:00Z"}
    assert [one["id"] for one in api.get("/api/v2/webhook-messages", params=query).json()["data"]] == [message["id"]]
    assert api.get("/api/v2/webhook-messages", params=query | {"topic": "device.*"}).json()["data"] == []
    assert api.get("/api/v2/webhook-messages", params=query | {"to": "2020-01-02T00:00:00Z"}).json()["data"] == []
    assert api.post(f"{path}/replay").status_code == 202
    assert api.post(f"{PATH}/{webhook['id']}/replay", json={"status": "any"}).json() == {"messages": 1}
    assert api.post(f"{PATH}/{webhook['id']}/replay", json={}).json() == {"messages": 0}
    assert eventually(lambda: len(api.get(f"{path}/attempts").json()["data"]) > 1)
