"""Files of devices, registers, residents and placements, checked and imported over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.in_process import InProcessServer
from tests.support.waiting import awaited

IMPORTS = "/api/v2/imports"
CSV = {"content-type": "text/csv"}
COUNTS = ("state", "rows", "done", "valid", "made", "updated", "unchanged", "failed")


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def sent(api: httpx.Client, kind: str, file: str | bytes, **query: Any) -> httpx.Response:
    content = file.encode() if isinstance(file, str) else file
    return api.post(IMPORTS, params={"kind": kind} | query, content=content, headers=CSV)


def tried(api: httpx.Client, kind: str, file: str | bytes, **query: Any) -> dict[str, Any]:
    answer = sent(api, kind, file, dry_run="true", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def run(api: httpx.Client, kind: str, file: str | bytes) -> dict[str, Any]:
    started = sent(api, kind, file)
    assert started.status_code == 202, started.text
    return ended(api, started.json()["id"])


def ended(api: httpx.Client, import_id: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = api.get(f"{IMPORTS}/{import_id}").raise_for_status().json()
        return None if found["state"] in ("queued", "running") else found

    return awaited(look, what="the end of the import")


def counts(found: dict[str, Any]) -> list[Any]:
    return [found[name] for name in COUNTS]


def faults(found: dict[str, Any]) -> list[tuple[int, str | None]]:
    return [(one["row"], one["column"]) for one in found["faults"]]


def device(api: httpx.Client, eui: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/v2/devices/by-identifier/eui/{eui}").raise_for_status().json()
    return found


def add_customer(api: httpx.Client, tenant: str, timezone: str = "Europe/Berlin") -> str:
    body = {"name": tenant.title(), "admin_email": "a@example.org", "tenant_name": tenant, "timezone": timezone}
    return str(api.post("/api/v2/customers", json=body).raise_for_status().json()["id"])


def test_devices_are_made_updated_and_left_alone(api: httpx.Client) -> None:
    profile = api.post("/api/v2/profiles", json={"name": "Meter", "expected_interval_s": 3600}).json()["id"]
    file = (
        "\ufeffEUI;Name;Type;Profile;Serial;label.Flat;latitude;longitude\r\n"
        '70-B3-D5-7E-D0-06-00-01;"Flat 1; cold";water_meter;Meter;="0012";1a;52.5;13.25\r\n'
        ";\r\n"
        "70b3d57ed0060002;Flat 2;water_meter;Meter;;2b;;\r\n"
    )
    dry = tried(api, "devices", file)
    assert counts(dry) == ["done", 2, 2, 2, 2, 0, 0, 0]
    assert dry["preview"][0] == {"row": 2, "outcome": "made", "name": "Flat 1; cold"}
    assert api.get("/api/v2/devices").json()["data"] == [], "a dry run makes nothing"
    assert counts(run(api, "devices", file)) == ["done", 2, 2, 2, 2, 0, 0, 0]
    first = device(api, "70b3d57ed0060001")
    assert (first["name"], first["type"], first["profile_id"], first["expected_interval_s"]) == (
        *("Flat 1; cold", "water_meter", profile),
        3600,
    )
    assert {"kind": "serial", "value": "0012"} in first["identifiers"]
    assert (first["labels"], first["location"]["longitude"]) == ({"Flat": "1a"}, 13.25)
    assert counts(run(api, "devices", file)) == ["done", 2, 2, 2, 0, 0, 2, 0], "the same file changes nothing"
    assert device(api, "70b3d57ed0060001")["updated_at"] == first["updated_at"]
    changed = "serial,name,description\n0012,Flat 1,\n"
    assert counts(run(api, "devices", changed)) == ["done", 1, 1, 1, 0, 1, 0, 0]
    after = device(api, "70b3d57ed0060001")
    assert (after["name"], after["type"], len(after["identifiers"])) == ("Flat 1", "water_meter", 2)
    actions = [one["action"] for one in api.get("/api/v2/logs", params={"limit": 50}).json()["data"]]
    assert actions.count("import.start") == actions.count("import.finish") == 3
    assert (actions.count("device.create"), actions.count("device.update")) == (2, 1)


def test_a_dry_run_lists_every_fault_of_every_row(api: httpx.Client) -> None:
    made = {"name": "Old", "identifiers": [{"kind": "serial", "value": "S1"}]}
    api.post("/api/v2/devices", json=made).raise_for_status()
    file = (
        "eui\tserial\tname\tprofile\tproject\tlatitude\tlongitude\texpected_interval_s\n"
        "70b3d57ed006000\t\tShort\tNone such\tNeither\t52,5\t13.2\t0\n"
        "70b3d57ed0060003\t\tGood\t\t\t\t\t\n"
        "70B3D57ED0060003\tS9\tAgain\t\t\t\t\t\n"
        "70b3d57ed0060004\t\t\t\t\t91\t\t\n"
        "\t\tNameless\t\t\t\t\t\n"
        "70b3d57ed0060005\t\tWide\t\t\t\t\t\tmore\n"
    )
    dry = tried(api, "devices", file)
    assert counts(dry) == ["done", 6, 6, 1, 1, 0, 0, 5]
    first = ("eui", "project", "profile", "latitude", "expected_interval_s")
    assert sorted(faults(dry)[:5]) == sorted((2, name) for name in first)
    assert faults(dry)[5:] == [
        *((4, "eui"), (5, "latitude"), (5, "longitude"), (5, "name"), (6, "eui"), (7, None)),
    ]
    comma = next(one["detail"] for one in dry["faults"] if one["column"] == "latitude")
    assert comma == "must have a decimal point and no comma, such as 184.327"
    assert next(one["detail"] for one in dry["faults"] if one["row"] == 4) == "is the same as in row 3"
    # The faults have pages, and are a file too.
    paged = tried(api, "devices", file, limit=4)
    path = f"{IMPORTS}/{paged['id']}/faults"
    rest = api.get(path, params={"cursor": paged["next_cursor"]}).json()
    assert paged["faults"] + rest["data"] == dry["faults"]
    lines = list(csv.reader(io.StringIO(api.get(f"{path}/file").content.decode("utf-8-sig"))))
    assert lines[0] == ["row", "column", "detail"]
    assert [(int(row), column or None) for row, column, _ in lines[1:]] == faults(dry)
    # The rows without a fault are imported all the same.
    found = run(api, "devices", file)
    assert counts(found) == counts(dry)
    assert api.get(f"{IMPORTS}/{found['id']}/faults").json()["data"] == dry["faults"]
    assert [one["name"] for one in api.get("/api/v2/devices").json()["data"]] == ["Good", "Old"]


def test_files_that_are_none_are_rejected(api: httpx.Client) -> None:
    cases: dict[str, tuple[bytes, str]] = {
        "unknown": (b"eui,nmae,colour\n1,2,3\n", "nmae: is not a column"),
        "repeated": (b"eui,dev_eui,name\n1,2,3\n", "eui: must not be repeated"),
        "latin": ("eui,name\n1,K\xfcche\n".encode("latin-1"), "line 2 is not"),
        "empty": (b"eui,name\n", "at least one row"),
        "nothing": (b"", "at least one row"),
        "quotes": (b'eui,name\n1,"Kitchen\n', "line 2 is not CSV"),
        "rows": (b"name\n" + b"a\n" * 50_001, "at most 50000 rows"),
    }
    for name, (content, detail) in cases.items():
        for dry_run in ("true", "false"):
            answer = sent(api, "devices", content, dry_run=dry_run)
            assert answer.status_code == 400, (name, answer.text)
            assert detail in answer.json()["detail"], (name, answer.text)
    unknown = sent(api, "devices", cases["unknown"][0]).json()
    assert [one["field"] for one in unknown["errors"]] == ["nmae", "colour"]
    missing = sent(api, "registers", b"register\nvolume\n").json()["errors"]
    assert [(one["field"], one["code"]) for one in missing] == [("device", "required")]
    assert sent(api, "devices", b"x" * 10_000_001).status_code == 413
    assert sent(api, "gadgets", b"eui,name\n1,2\n").status_code == 400
    assert api.post(IMPORTS, params={"kind": "devices"}, content=b"x", headers={"content-type": "image/png"}).status_code == 415


def test_a_community_from_four_files(api: httpx.Client) -> None:
    customer = add_customer(api, "harbour")
    assert (
        run(api, "devices", "eui,name,type\n70b3d57ed0060011,Heat,heat_meter\n70b3d57ed0060012,Water,water_meter\n")["made"] == 2
    )
    residents = "customer,name,email\nharbour,Erika,Erika@example.org\nHarbour,Max,max@example.org\nnowhere,Eve,eve\n"
    dry = tried(api, "residents", residents)
    assert (dry["made"], faults(dry)) == (2, [(4, "customer"), (4, "email")])
    assert run(api, "residents", residents)["made"] == 2
    assert counts(run(api, "residents", "customer,name,email\nharbour,Erika E.,erika@example.org\n"))[4:7] == [0, 1, 0]
    registers = (
        "device,register,kind,field,field_unit,unit,factor,from,to,first_value,last_value,serial,role\n"
        "70b3d57ed0060011,heat,heat,energy,Wh,kWh,,,,,,A1,principal\n"
        "70b3d57ed0060012,,,,,,,2024-01-01T00:00:00Z,,12.5,,B7,\n"
        "70b3d57ed0060012,volume,,,,L,,,,,,,\n"
        "70b3d57ed0060012,energy,heat,x,furlong,kWh,,,,,,,\n"
        "70b3d57ed0060099,,,,,,,,,,,,\n"
    )
    dry = tried(api, "registers", registers)
    found = run(api, "registers", registers)
    assert counts(found) == counts(dry)
    assert faults(dry) == [(5, "field_unit"), (6, "device")]
    heat = api.get(f"/api/v2/devices/{device(api, '70b3d57ed0060011')['id']}/meter").json()
    (register,) = heat["registers"]
    assert (heat["role"], heat["source"], register["name"], register["unit"], register["serial"]) == (
        *("principal", "device", "heat"),
        *("kWh", "A1"),
    )
    assert register["sources"] == [{"field": "energy", "unit": "Wh"}]
    again = run(api, "registers", registers)
    assert counts(again)[4:] == [0, 0, 3, 2], again
    placements = (
        "device,customer,resident,from\n"
        "70b3d57ed0060011,harbour,,2024-01-01\n"
        "70b3d57ed0060012,,erika@example.org,2024-01-01\n"
        "70b3d57ed0060012,harbour,max@example.org,2025-07-01\n"
        "70b3d57ed0060012,,erika@example.org,2025-01-01\n"
        "70b3d57ed0060011,harbour,,2999-01-01\n"
        "70b3d57ed0060011,,,\n"
    )
    dry = tried(api, "placements", placements)
    assert faults(dry) == [(5, "from"), (6, "device"), (6, "from"), (7, "customer")]
    assert counts(run(api, "placements", placements)) == counts(dry)
    history = api.get(f"/api/v2/devices/{device(api, '70b3d57ed0060012')['id']}/placements").json()["data"]
    # A date is the midnight of the customer's time zone.
    assert [(one["customer_id"], one["from"], one["to"]) for one in history] == [
        (customer, "2025-06-30T22:00:00Z", None),
        (customer, "2023-12-31T23:00:00Z", "2025-06-30T22:00:00Z"),
    ]
    assert counts(run(api, "placements", placements))[4:] == [0, 0, 3, 3]
    assert api.get(f"/api/v2/devices/{device(api, '70b3d57ed0060012')['id']}/placements").json()["data"] == history


def test_rows_about_one_thing_by_several_names(api: httpx.Client) -> None:
    customer = add_customer(api, "harbour")
    residents = f"customer,name,email\nharbour,Max,m@x.org\n{customer},Max,M@x.org\nHarbour,Max M.,m@x.org\n"
    dry = tried(api, "residents", residents)
    assert counts(dry)[4:] == [1, 1, 1, 0]
    assert counts(run(api, "residents", residents)) == counts(dry)
    (resident,) = api.get(f"/api/v2/customers/{customer}/residents").json()["data"]
    assert resident["name"] == "Max M."
    old = {"name": "Old", "identifiers": [{"kind": "eui", "value": "70b3d57ed0060041"}, {"kind": "serial", "value": "S1"}]}
    api.post("/api/v2/devices", json=old).raise_for_status()
    devices = "eui,serial,name,label.a,label.b\n70b3d57ed0060041,,,x,\n,S1,,,y\n70b3d57ed0060042,,New,,\n"
    assert counts(tried(api, "devices", devices)) == counts(run(api, "devices", devices))
    assert device(api, "70b3d57ed0060041")["labels"] == {"a": "x", "b": "y"}, "of two rows, neither undoes the other"
    devices = "eui,serial,name\n70b3d57ed0060041,S2,\n70b3d57ed0060043,S1,Newer\n"
    dry = tried(api, "devices", devices)
    assert counts(dry)[4:] == [1, 1, 0, 0], "a serial number that a row frees"
    assert counts(run(api, "devices", devices)) == counts(dry)
    assert device(api, "70b3d57ed0060043")["name"] == "Newer"


def test_a_device_that_stays_keeps_the_time_of_its_arrival(api: httpx.Client) -> None:
    add_customer(api, "harbour")
    run(api, "devices", "eui,name\n70b3d57ed0060051,A\n")
    path = f"/api/v2/devices/{device(api, '70b3d57ed0060051')['id']}"
    file = "device,customer,from\n70b3d57ed0060051,harbour,2024-01-01\n70b3d57ed0060051,harbour,2024-02-01\n"
    assert faults(tried(api, "placements", file)) == [(3, "device")]
    run(api, "placements", file)
    assert [one["from"] for one in api.get(f"{path}/placements").json()["data"]] == ["2023-12-31T23:00:00Z"]
    later = "device,customer,from\n70b3d57ed0060051,harbour,2024-03-01\n"
    assert run(api, "placements", later)["updated"] == 1, "another file corrects it"


def test_a_role_alone_leaves_the_registers(api: httpx.Client) -> None:
    run(api, "devices", "eui,name\n70b3d57ed0060061,A\n")
    assert run(api, "registers", "device,role\n70b3d57ed0060061,principal\n")["failed"] == 0
    found = api.get(f"/api/v2/devices/{device(api, '70b3d57ed0060061')['id']}/meter").json()
    assert (found["role"], found["source"]) == ("principal", "default")
    assert run(api, "registers", "device,role\n70b3d57ed0060061,leaf\n")["updated"] == 1


def test_an_import_ends_with_the_access_of_its_author(in_process: InProcessServer, api: httpx.Client) -> None:
    rows = "".join(f"{number:016x},Flat\n" for number in range(1, 3_000)).encode()
    body = {"name": "short", "scopes": ["devices:read", "devices:write"]}
    made = api.post("/api/v2/keys", json=body).raise_for_status().json()
    headers = {"x-api-key": made["value"]} | CSV
    started = api.post(IMPORTS, params={"kind": "devices"}, content=b"eui,name\n" + rows, headers=headers).raise_for_status()
    api.post(f"/api/v2/keys/{made['key']['id']}/revoke").raise_for_status()
    found = ended(api, started.json()["id"])
    assert (found["state"], found["done"] < found["rows"]) == ("cancelled", True)
    actions = [one["action"] for one in api.get("/api/v2/logs", params={"limit": 5}).json()["data"]]
    assert "import.cancel" in actions


def test_templates_can_be_imported_after_their_references_exist(api: httpx.Client) -> None:
    add_customer(api, "harbour-house")
    for kind in ("devices", "registers", "residents", "placements"):
        answer = api.get(f"{IMPORTS}/template", params={"kind": kind})
        assert answer.headers["content-type"].startswith("text/csv")
        assert counts(run(api, kind, answer.content))[4:] == [1, 0, 0, 0], kind


def test_scopes_lists_and_strangers(in_process: InProcessServer, api: httpx.Client) -> None:
    dry = tried(api, "devices", "eui,name\n70b3d57ed0060021,A\n")
    body = {"name": "narrow", "scopes": ["devices:read", "devices:write"]}
    key = api.post("/api/v2/keys", json=body).raise_for_status().json()["value"]
    narrow = {"x-api-key": key} | CSV
    for kind, file in (("residents", b"customer,name,email\na,b,c@d.e\n"), ("placements", b"device,customer\na,b\n")):
        for dry_run in ("true", "false"):
            query = {"kind": kind, "dry_run": dry_run}
            assert api.post(IMPORTS, params=query, content=file, headers=narrow).status_code == 403, kind
    assert [one["id"] for one in api.get(IMPORTS).json()["data"]] == [dry["id"]]
    assert api.post(f"{IMPORTS}/{dry['id']}/cancel").json()["state"] == "done"
    with in_process.client(in_process.orgs["Other"]) as stranger:
        for path in (dry["id"], f"{dry['id']}/faults", f"{dry['id']}/faults/file", "imp_0000000000000", "nonsense"):
            assert stranger.get(f"{IMPORTS}/{path}").status_code == 404
        assert dry["id"] not in stranger.get(IMPORTS).text
