"""Lists and their filters: every list has pages, and a filter that filters nothing is refused instead of matching everything.

Nothing here lists operations or parameters: they are read from the types, so that a new one joins by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from penstock.kit.ids import text_of
from penstock.kit.operation import Operation
from tests.fuzz.conftest import Victims
from tests.fuzz.test_error_texts import telling
from tests.security.calls import changed, request_for, send
from tests.security.table import name_of, operations, wire_names
from tests.support.cases import for_each

READS = [one for one in operations() if one.surface == "v2" and one.method == "GET"]
LISTS = [one for one in READS if "data" in wire_names(one.answer)]
FIXED = {"/api/v2/connectors", "/api/v2/scopes", "/api/v2/webhook-topics"}
"""Lists of what the program itself knows."""
QUEUES = {"/api/v2/device/commands"}
"""A device fetches from its start: what was fetched does not come again."""
SERIES = {
    f"/api/v2/{place}"
    for place in (
        "telemetry/latest",
        "devices/{device_id}/telemetry/latest",
        "devices/{device_id}/telemetry/aggregate",
        "devices/{device_id}/telemetry/thin",
        "devices/{device_id}/consumption",
        "customers/{customer_id}/consumption",
        "customers/{customer_id}/balance",
    )
}
"""Values of one range, with a maximum number of buckets, points, sensors or devices."""
BOUNDED = {
    "/api/v2/secrets/{secret_id}/versions": "the newest `KEPT_VERSIONS` are kept",
    "/api/v2/inbox/addresses/{address_id}/grants": "the configuration's `max_grants`, above which a grant is refused",
    "/api/v2/inbox/accounts/{account_id}/numbers": "what a provider offers now, at most `limit`; it has no next page",
    "/api/v2/dashboards/{dashboard_id}/widgets": "`MAX_WIDGETS`, above which a widget is refused",
    "/api/v2/dashboards/{dashboard_id}/variables/{variable}/options": "those of at most `MAX_OPTIONS` devices, for one menu",
    "/api/v2/search": "the best hits, at most `limit`; who misses one searches for more of its name",
    "/api/v2/system/backups": "the files in a folder, which are as many as the operator keeps there",
}
"""Lists that are whole on one page, and why none of them can grow beyond it."""


def test_every_list_has_pages() -> None:
    without = {one.path for one in LISTS if not {"limit", "cursor"} <= {*wire_names(one.query)}}
    assert without == FIXED | QUEUES | SERIES | BOUNDED.keys()
    assert {one.path for one in LISTS if "next_cursor" not in wire_names(one.answer)} <= QUEUES | SERIES | BOUNDED.keys()


@for_each(READS, name_of)
def test_an_unknown_parameter_is_told(operation: Operation, client: httpx.Client, victims: Victims) -> None:
    """A misspelled filter is no filter, and the list would be that of everything."""
    request = request_for(operation, victims.lasting(operation))
    answer = send(client, changed(request, query=request.query | {"statsu": "active"}))
    assert answer.status == 400, answer
    assert telling(answer) == {"statsu"}
    assert "statsu: is not a known field" in answer.text


def id_filters() -> Iterator[tuple[Operation, str, str]]:
    """Every filter of a list that is an id: the list, the filter, and how such an id begins."""
    for operation in LISTS:
        for name in wire_names(operation.query):
            kind = OF_FILTERS.get(name)
            if kind is not None:
                yield operation, name, kind


OF_FILTERS = {f"{noun}_id": kind for noun, kind in (
    ("device", "dev"), ("project", "prj"), ("profile", "prf"), ("definition", "def"), ("alert", "alert"), ("rule", "rul"),
    ("webhook", "whe"), ("customer", "cus"),
    ("resident", "res"), ("version", "rvn"), ("user", "usr"), ("key", "key"), ("connection", "con"),
    ("folder", "dfo"),
)}  # fmt: skip


def test_every_filter_by_id_is_known() -> None:
    named = {name for one in LISTS for name in wire_names(one.query) if name.endswith("_id")}
    assert named <= OF_FILTERS.keys()


@for_each(list(id_filters()), lambda case: f"{name_of(case[0])} {case[1]}")
def test_a_filter_by_an_id_of_nothing_is_an_empty_list_and_by_no_id_an_error(
    case: tuple[Operation, str, str], client: httpx.Client, victims: Victims
) -> None:
    operation, name, kind = case
    request = request_for(operation, victims.lasting(operation))
    nothing = send(client, changed(request, query={name: text_of(kind, 7)}))
    assert (nothing.status, nothing.json()["data"]) == (200, []), nothing
    for sent in (f"{kind}_xyz", "nonsense", "null"):
        answer = send(client, changed(request, query={name: sent}))
        assert answer.status == 400, (sent, answer)
        assert telling(answer) == {name}
        assert sent in answer.text
