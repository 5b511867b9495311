"""Paths are matched as they were sent: part by part, with nothing tidied up."""

from __future__ import annotations

import pytest

from penstock.api.shared.router import Router


@pytest.fixture
def router() -> Router[str]:
    made: Router[str] = Router()
    made.add("/devices", "GET", "list")
    made.add("/devices", "POST", "create")
    made.add("/devices/{device_id}", "GET", "get")
    made.add("/devices/by-name/{kind}/{value}", "GET", "find")
    made.add("/devices/{device_id}/sensors", "GET", "sensors")
    made.add("/devices/{device_id}/sensors/{key:path}", "GET", "sensor")
    return made


@pytest.mark.parametrize(
    ("path", "target", "values"),
    [
        (b"/devices", "list", {}),
        (b"/devices/", "list", {}),
        (b"/d%65vices", "list", {}),
        (b"/devices/1", "get", {"device_id": "1"}),
        (b"/devices/a%20b", "get", {"device_id": "a b"}),
        (b"/devices/%C3%A9", "get", {"device_id": "é"}),
        (b"/devices/by-name/mac/x", "find", {"kind": "mac", "value": "x"}),
        (b"/devices/1/sensors", "sensors", {"device_id": "1"}),
        (b"/devices/1/sensors/", "sensors", {"device_id": "1"}),
        (b"/devices/1/sensors/a", "sensor", {"device_id": "1", "key": "a"}),
        (b"/devices/1/sensors/a%2Fb", "sensor", {"device_id": "1", "key": "a/b"}),
        (b"/devices/1/sensors/a%2F", "sensor", {"device_id": "1", "key": "a/"}),
        (b"/devices/1/sensors/a//b/", "sensor", {"device_id": "1", "key": "a//b/"}),
    ],
)
def test_a_path_is_found(router: Router[str], path: bytes, target: str, values: dict[str, str]) -> None:
    found = router.find(path)
    assert found is not None
    assert (found.targets["GET"], found.values) == (target, values)


@pytest.mark.parametrize(
    "path",
    [
        b"/",
        b"",
        b"//",
        b"/device",
        b"/devices//",
        b"//devices",
        b"/%2fdevices",
        b"/devices%2F1",
        b"/devices/a%2Fb",
        b"/devices/a%2fsensors",
        b"/devices//sensors",
        b"/devices/1/sensors//",
        b"/devices/1/sensors/%2F",
        b"/devices/1/2",
    ],
)
def test_nothing_is_at_other_paths(router: Router[str], path: bytes) -> None:
    assert router.find(path) is None


def test_methods_stand_beside_one_another(router: Router[str]) -> None:
    found = router.find(b"/devices")
    assert found is not None
    assert found.targets == {"GET": "list", "POST": "create"}


def test_what_is_there_twice_is_refused(router: Router[str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        router.add("/devices", "GET", "again")
    with pytest.raises(ValueError, match="same path"):
        router.add("/devices/{other_id}", "DELETE", "delete")
