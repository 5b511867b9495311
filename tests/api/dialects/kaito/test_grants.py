"""Grants and four eyes as Kaito's clients see them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.granting import Site, granting


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with granting(tmp_path_factory.mktemp("kaito")) as found:
        yield found


def test_grants_in_the_vendors_words(site: Site) -> None:
    token, lena = site.token(), site.person()
    kaito, path = site.key("tokens:read", "tokens:write", "tokens:seed", style="kaito"), f"/v1/tokens/{token}/grants"
    group = site.group(lena)
    made = kaito.http.post(path, json={"subject": group, "permission": "code-only", "expires_in_s": 60})
    assert made.status_code == 201
    keys = {"id", "token", "subject", "subject_name", "permission", "expires_at", "reason", "created_at"}
    assert set(made.json()) == keys
    seed = kaito.http.post(path, json={"subject": lena.id, "permission": "full-seed"}).raise_for_status().json()
    listed = kaito.http.get(path, params={"limit": 1})
    assert [one["permission"] for one in listed.json()] == ["code-only"]
    rest = kaito.http.get(path, params={"cursor": listed.headers["x-next-cursor"]})
    assert (rest.json(), rest.headers.get("x-next-cursor")) == ([seed], None)
    assert lena.http.get(f"/v1/tokens/{token}/seed").status_code == 200
    assert kaito.http.delete(f"{path}/{seed['id']}").status_code == 204
    refused = lena.http.get(f"/v1/tokens/{token}/seed")
    assert (refused.status_code, set(refused.json())) == (403, {"error"})
    elevated = kaito.http.post(f"{path}/{made.json()['id']}/elevate", json={"expires_in_s": 7200}).json()
    assert (elevated["permission"], elevated["expires_at"]) == ("full-seed", made.json()["expires_at"])
    changed = kaito.http.patch(f"{path}/{made.json()['id']}", json={"expires_at": None}).json()
    assert changed["expires_at"] is None
    assert kaito.http.patch(f"{path}/{made.json()['id']}", json={}).status_code in (400, 422)
    site.pass_time(60)
    assert lena.http.get(f"/v1/tokens/{token}/code").status_code == 200


def test_what_is_not_granted_does_not_exist(site: Site) -> None:
    token, lena = site.token(), site.person()
    assert token not in [one["name"] for one in lena.http.get("/v1/tokens").json()]
    for rest in ("", "/code", "/seed", "/grants"):
        answer = lena.http.get(f"/v1/tokens/{token}{rest}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_four_eyes(site: Site) -> None:
    token, lena, ada = site.token(four_eyes=True), site.person("admin"), site.person("admin")
    path = f"/v1/tokens/{token}/seed-requests"
    assert lena.http.get(f"/v1/tokens/{token}/seed").status_code == 403
    request = lena.http.post(path, json={"reason": "new phone"})
    assert (request.status_code, request.json()["state"]) == (201, "open")
    second = lena.http.post(path, json={"reason": "another"}).json()
    assert lena.http.post(f"{path}/{request.json()['id']}/approve").status_code == 403
    assert ada.http.post(f"{path}/{request.json()['id']}/approve").json()["state"] == "approved"
    assert ada.http.post(f"{path}/{second['id']}/deny").json()["state"] == "denied"
    assert lena.http.get(f"/v1/tokens/{token}/seed").status_code == 200
    assert [one["state"] for one in ada.http.get(path).json()] == ["denied", "used"]
    first = ada.http.get(path, params={"limit": 1})
    assert len(ada.http.get(path, params={"cursor": first.headers["x-next-cursor"]}).json()) == 1
