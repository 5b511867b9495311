"""Numbers of providers over the native API. With a provider that answers: `tests/e2e/test_sms_providers.py`."""

from __future__ import annotations

from tests.support.in_process import InProcessServer


def test_an_account_without_a_shop_says_so(in_process: InProcessServer) -> None:
    with in_process.client(in_process.new_org()) as api:
        account = api.post("/api/v2/inbox/accounts", json={"kind": "log", "name": "Log"}).json()["id"]
        path = f"/api/v2/inbox/accounts/{account}/numbers"
        for answer in (api.get(path, params={"country": "GB"}), api.post(path, json={"value": "+447700900001"})):
            assert (answer.status_code, answer.json()["code"]) == (422, "inboxes.numbers_not_sold")
        assert api.post(path, json={"value": "447700900001"}).json()["errors"][0]["field"] == "value"
        assert api.get(path).json()["errors"][0]["field"] == "country"
        assert api.delete(f"{path}/ina_0c2k9fq7w3a1n").status_code == 404
