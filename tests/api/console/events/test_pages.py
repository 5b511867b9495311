"""The page of events: a table and a time line."""

from __future__ import annotations

from tests.api.console.cold_store import ESCAPED, HOSTILE, ColdStore
from tests.support.console import Browser
from tests.support.waiting import awaited


def test_events_as_a_table_and_a_time_line(owner: Browser, store: ColdStore) -> None:
    assert owner.get("/console/events").status_code == 200
    assert "Nothing has been raised yet" in owner.page
    condition = {"type": "threshold", "field": "temperature", "operator": ">", "value": 6}
    store.call("POST", "/api/v2/alerts", {"name": HOSTILE, "target": {"all": True}, "condition": condition})
    store.report(7, 5)
    event = awaited(lambda: store.call("GET", "/api/v2/alert-events?state=cleared")["data"])[0]
    for query in ("", "?view=line", f"?view=line&device_id={store.device}", "?state=cleared&from=2020-01-01"):
        owner.get(f"/console/events{query}")
        assert event["id"] in owner.page, query
        assert ESCAPED in owner.page, query
        assert "<img" not in owner.page, query
    for query in ("?to=2020-01-01", "?severity=critical", "?state=raised"):
        owner.get(f"/console/events{query}")
        assert event["id"] not in owner.page, query
    assert "Nothing matches these filters" in owner.page
    awaited(lambda: "Came online" in owner.get(f"/console/events?view=line&device_id={store.device}").text)
    assert owner.get("/console/events?from=yesterday").status_code == 400
