"""What validation says about values and what people decide, over HTTP, up to the consumption that follows."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.v2.meters.test_routes import MAY, consumption, device, place

__all__ = ["place"]

SPIKED = [
    ("2026-05-01T12:00:00Z", 100.0),
    ("2026-05-02T08:00:00Z", 110.0),
    ("2026-05-02T12:00:00Z", 0.0),
    ("2026-05-02T16:00:00Z", 110.5),
    ("2026-05-03T12:00:00Z", 120.0),
    ("2026-05-04T12:00:00Z", 121.0),
]
ZERO_AT = "2026-05-02T12:00:00Z"


def values(api: httpx.Client, device_id: str, **query: str) -> dict[str, Any]:
    answer = api.get(f"/api/v2/devices/{device_id}/meter/values", params=MAY | query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def edit(api: httpx.Client, device_id: str, status: int = 201, **body: Any) -> dict[str, Any]:
    answer = api.post(f"/api/v2/devices/{device_id}/meter/edits", json={"reason": "read on site"} | body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def total(api: httpx.Client, device_id: str) -> float:
    month = consumption(api, device_id, bucket="month", estimate="false")["data"]
    found: float = month[0]["consumption"]
    return found


def test_a_value_is_listed_held_out_and_decided_about(api: httpx.Client) -> None:
    made = device(api, *SPIKED)
    (suspect,) = values(api, made, status="suspect")["data"]
    assert suspect == {
        "time": ZERO_AT,
        "value": 0,
        "unit": "m3",
        "status": "suspect",
        "reason": "zero",
        "original": 0,
        "edit": None,
    }
    found = consumption(api, made, estimate="false")
    assert (total(api, made), [row["suspects"] for row in found["data"]]) == (21, [0, 1, 0, 0, 0])
    corrected = edit(api, made, kind="correct", time=ZERO_AT, value="110.25")
    assert (corrected["register"], corrected["value"], corrected["withdrawn_at"]) == ("volume", 110.25, None)
    (edited,) = values(api, made, status="edited")["data"]
    assert (edited["value"], edited["original"], edited["edit"]["id"]) == (110.25, 0, corrected["id"])
    assert (total(api, made), consumption(api, made)["data"][1]["suspects"]) == (21, 0)
    edit(api, made, kind="void", time="2026-05-04T12:00:00Z")
    assert total(api, made) == 20
    added = edit(api, made, kind="add", time="2026-05-05T12:00:00Z", value=125.5)
    assert total(api, made) == 25.5
    path = f"/api/v2/devices/{made}/meter/edits"
    withdrawn = api.post(f"{path}/{added['id']}/withdraw", json={"reason": "wrong flat"}).raise_for_status().json()
    assert (withdrawn["withdrawn_reason"], withdrawn["withdrawn_by"]) == ("wrong flat", added["author"])
    assert total(api, made) == 20
    again = api.post(f"{path}/{added['id']}/withdraw", json={"reason": "wrong flat"})
    assert (again.status_code, again.json()["code"]) == (409, "meters.edit_withdrawn")
    kinds = [(one["kind"], one["withdrawn_at"] is not None) for one in api.get(path).json()["data"]]
    assert kinds == [("add", True), ("void", False), ("correct", False)]
    first = api.get(path, params={"limit": "2"}).json()
    rest = api.get(path, params={"limit": "2", "cursor": first["next_cursor"]}).json()
    assert [one["kind"] for one in first["data"] + rest["data"]] == ["add", "void", "correct"]
    assert [one["kind"] for one in api.get(path, params={"withdrawn": "false"} | MAY).json()["data"]] == ["void", "correct"]
    actions = [one["action"] for one in api.get("/api/v2/logs", params={"limit": "4"}).json()["data"]]
    assert actions == ["meter.edit.withdraw", "meter.edit", "meter.edit", "meter.edit"]


def test_a_value_that_validation_holds_out_counts_once_it_is_confirmed(api: httpx.Client) -> None:
    made = device(api, ("2026-05-01T12:00:00Z", 0), ("2026-05-01T13:00:00Z", 1), ("2026-05-01T14:00:00Z", 5000))
    assert total(api, made) == 1
    edit(api, made, kind="confirm", time="2026-05-01T14:00:00Z")
    assert total(api, made) == 5000
    assert [one["status"] for one in values(api, made)["data"]] == ["valid", "valid", "edited"]


def test_an_edit_that_does_not_fit_is_refused(api: httpx.Client) -> None:
    made = device(api, *SPIKED)
    for status, code, body in (
        (404, "meters.value_not_found", {"kind": "void", "time": "2026-05-02T12:00:01Z"}),
        (404, "meters.value_not_found", {"kind": "correct", "time": "2026-05-02T12:00:01Z", "value": 1}),
        (404, "meters.value_not_found", {"kind": "confirm", "time": "2026-05-02T12:00:01Z"}),
        (409, "meters.value_exists", {"kind": "add", "time": ZERO_AT, "value": 1}),
    ):
        assert edit(api, made, status, **body)["code"] == code
    for field, body in (
        ("value", {"kind": "correct", "time": ZERO_AT}),
        ("value", {"kind": "void", "time": ZERO_AT, "value": 1}),
        ("value", {"kind": "add", "time": "2026-05-02T12:00:01Z", "value": -1}),
        ("value", {"kind": "add", "time": "2026-05-02T12:00:01Z", "value": "ten"}),
        ("time", {"kind": "add", "time": "2099-01-01T00:00:00Z", "value": 1}),
        ("time", {"kind": "add", "time": "noon", "value": 1}),
        ("register", {"kind": "void", "time": ZERO_AT, "register": "gas"}),
        ("kind", {"kind": "delete", "time": ZERO_AT}),
        ("reason", {"kind": "void", "time": ZERO_AT, "reason": ""}),
    ):
        assert edit(api, made, 400, **body)["errors"][0]["field"] == field
    first = edit(api, made, kind="void", time=ZERO_AT)
    refused = edit(api, made, 409, kind="confirm", time=ZERO_AT)
    assert (refused["code"], first["id"] in refused["detail"]) == ("meters.value_edited", True)
    path = f"/api/v2/devices/{made}/meter/edits"
    assert api.post(f"{path}/edt_0c2k9fq7w3e7r/withdraw", json={"reason": "x"}).json()["code"] == "meters.edit_not_found"
    wrong = api.get(path, params={"from": MAY["to"], "to": MAY["from"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "to")


def test_values_come_in_pages_with_their_exact_digits(api: httpx.Client) -> None:
    made = device(api, *((f"2026-05-01T12:00:0{n}Z", 12_345.6 + n / 1000) for n in range(5)))
    found: list[float] = []
    cursor: str | None = None
    while True:
        page = values(api, made, limit="2", **({"cursor": cursor} if cursor else {}))
        found += [one["value"] for one in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [12_345.6, 12_345.601, 12_345.602, 12_345.603, 12_345.604]


def test_what_needs_a_person_at_a_customer_s(api: httpx.Client, place: Any) -> None:
    spiked, other, clean = device(api, *SPIKED), device(api, *SPIKED), device(api, *SPIKED[:2])
    path = f"/api/v2/customers/{place(spiked, clean, other)}/meter/values"
    answer = api.get(path, params=MAY)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(one["device_id"], one["register"], len(one["values"])) for one in found["data"]] == [
        (spiked, "volume", 1),
        (other, "volume", 1),
    ]
    assert (found["data"][0]["values"][0]["reason"], found["data"][0]["has_more"]) == ("zero", False)
    first = api.get(path, params=MAY | {"limit": "1"}).json()
    rest = api.get(path, params=MAY | {"limit": "1", "cursor": first["next_cursor"]}).json()
    assert [one["device_id"] for one in first["data"] + rest["data"]] == [spiked, other]
    assert api.get(path, params=MAY | {"status": "void"}).json()["data"] == []


def test_the_suspect_one_of_two_values_of_a_time_is_confirmed(api: httpx.Client) -> None:
    time = "2026-05-04T12:00:00Z"
    made = device(api, *SPIKED, (time, 130.0), ("2026-05-04T18:00:00Z", "broken"))
    assert [(one["value"], one["reason"]) for one in values(api, made, status="suspect")["data"]] == [
        (0, "zero"),
        (130, "duplicate_time"),
        (None, "not_a_number"),
    ]
    confirmed = edit(api, made, kind="confirm", time=time)
    (edited,) = values(api, made, status="edited")["data"]
    assert (confirmed["value"], edited["value"], total(api, made)) == (130, 130, 30)
    assert [one["reason"] for one in values(api, made, status="suspect")["data"]] == ["zero", "not_a_number"]
    refused = edit(api, made, 400, kind="confirm", time="2026-05-04T18:00:00Z")
    assert refused["detail"] == "kind: must be correct or void for a value that is not a counter"


def test_values_and_edits_are_in_one_unit_although_the_meter_had_another_before(api: httpx.Client) -> None:
    made = device(api, ("2026-05-01T12:00:00Z", 100_000), ("2026-05-02T12:00:00Z", 101_000), ("2026-05-03T12:00:00Z", 1))
    old = {"name": "v", "kind": "volume", "field": "consumption_m3", "unit": "L", "to": "2026-05-03T00:00:00Z"}
    new = {"name": "v", "kind": "volume", "field": "consumption_m3", "unit": "m3", "from": "2026-05-03T00:00:00Z"}
    assert api.put(f"/api/v2/devices/{made}/meter", json={"registers": [old, new]}).status_code == 200
    listed = values(api, made)["data"]
    assert [(one["value"], one["unit"]) for one in listed] == [(100, "m3"), (101, "m3"), (1, "m3")]
    corrected = edit(api, made, kind="correct", time="2026-05-02T12:00:00Z", value=100.5)
    assert (corrected["value"], corrected["unit"], total(api, made)) == (100.5, "m3", 0.5)


def test_a_value_of_a_clock_that_was_never_set_can_only_be_voided(api: httpx.Client) -> None:
    made = device(api, ("1970-01-01T00:00:05Z", 90.0), ("2026-05-02T12:00:00Z", 100.0), ("2026-05-03T12:00:00Z", 101.0))
    for kind, value in (("confirm", None), ("correct", 90), ("add", 90)):
        time = "1990-01-01T00:00:00Z" if kind == "add" else "1970-01-01T00:00:05Z"
        refused = edit(api, made, 400, kind=kind, time=time, value=value)
        assert [one["field"] for one in refused["errors"]] == ["time"]
        assert "void" in refused["detail"]
    edit(api, made, kind="void", time="1970-01-01T00:00:05Z")
    assert total(api, made) == 1
