"""Pages of API keys: the value is shown once, and never again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

KEYS = "/console/keys"
VALUE = re.compile(r"psk_\w{30,}")
NAME = "<script>alert(1)</script> \u05d0 🚰"


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    return in_process.new_org()


@pytest.fixture(scope="module")
def owner(in_process: InProcessServer, org: Org) -> Iterator[Browser]:
    with browser_of(in_process, org) as browser:
        yield browser


def test_a_key_from_its_creation_to_its_end(in_process: InProcessServer, owner: Browser, org: Org) -> None:
    assert 'value="devices:read"' in owner.get(f"{KEYS}/new").text
    form = {
        "name": NAME,
        "scopes": ["devices:read", "profile:read"],
        "expires": "30",
        "allowed_cidrs": "127.0.0.0/8\n\n10.0.0.0/8",
    }
    answer = owner.post(f"{KEYS}/new", form)
    value = VALUE.search(answer.text)
    assert (answer.status_code, value is not None) == (200, True)
    assert value is not None
    assert "<script>alert" not in owner.page
    assert answer.headers["cache-control"] == "no-store"
    with in_process.client(headers={"X-API-Key": value[0], "X-Organization-Id": org.organization_id}) as program:
        me = program.get("/api/v2/me").json()
    where = f"{KEYS}/{me['key_id']}"
    assert me["scopes"] == ["devices:read", "profile:read"]
    assert "Devices · Read" in owner.get(where).text
    assert "in 30 d" in owner.page
    assert "127.0.0.0/8, 10.0.0.0/8" in owner.page
    for page in (KEYS, f"{KEYS}?status=active", where):
        owner.get(page)
        assert not VALUE.search(owner.page), "the value is not shown again"
        assert "<script>alert" not in owner.page
    assert owner.post(f"{where}/rename", {"name": "x" * 201}).status_code == 400
    assert "is renamed" in owner.follow(owner.post(f"{where}/rename", {"name": "wms-sync"})).text
    rotated = owner.post(f"{where}/rotate", {"overlap_s": "3600"})
    assert VALUE.search(rotated.text)
    assert "in an hour" in owner.page
    assert "Rotated" in owner.get(where).text
    assert owner.post(f"{where}/rotate", {"overlap_s": "9999999"}).status_code == 303
    assert "is revoked" in owner.follow(owner.post(f"{where}/revoke")).text
    assert "Revoked" in owner.page


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "name"),
        ("scopes", "everything", "not a known scope"),
        ("allowed_cidrs", "<b>x</b>", "must be a network"),
        ("calls_per_minute", "many", "calls_per_minute"),
        ("expires", "date", "expires_at"),
        ("expires", "soon", "expires_at"),
        ("project_id", "prj_0000000000001", "prj_0000000000001"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(field: str, value: str, told: str, owner: Browser) -> None:
    form = {"name": "kept <name>", "scopes": ["devices:read"], "expires": "never"} | {field: value}
    answer = owner.post(f"{KEYS}/new", form)
    assert 400 <= answer.status_code < 500
    assert told in owner.page
    assert "<b>x</b>" not in owner.page
    if field != "scopes":
        assert re.search(r'value="devices:read"[^>]* checked', owner.page)


def test_several_are_revoked_at_once(owner: Browser) -> None:
    for number in range(2):
        owner.post(f"{KEYS}/new", {"name": f"bulk {number}", "expires": "never"})
    owner.get(f"{KEYS}?status=active")
    ids = sorted({one for one in re.findall(r'name="ids" value="(key_\w+)"', owner.page)})[-2:]
    assert "2 keys are revoked" in owner.follow(owner.post(f"{KEYS}/bulk", {"ids": ids, "action": "revoke"})).text
    assert "was not found" in owner.follow(owner.post(f"{KEYS}/bulk", {"ids": ["key_0000000000001"]})).text


def test_keys_are_for_administrators(in_process: InProcessServer, org: Org) -> None:
    (person,) = Registry(org.data_dir, org.organization_id, in_process.run).members("keyless", "member")
    with browser_of(in_process, org, person.email, PASSWORD) as member:
        assert 'href="/console/keys"' not in member.get("/console/profile").text
        assert member.get(KEYS).status_code == 403
        assert member.post(f"{KEYS}/new", {"name": "x"}).status_code == 403
