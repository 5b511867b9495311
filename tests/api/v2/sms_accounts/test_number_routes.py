"""Numbers of providers over the native API. With a provider that answers: `tests/e2e/test_sms_providers.py`."""

from __future__ import annotations

from tests.support.in_process import InProcessServer

SMPP = {"host": "smsc.example.org", "system_id": "penstock"}


def test_a_message_centre_sells_no_numbers(in_process: InProcessServer) -> None:
    with in_process.client(in_process.new_org()) as api:
        body = {"kind": "smpp", "name": "Centre", "settings": SMPP}
        path = f"/api/v2/inbox/accounts/{api.post('/api/v2/inbox/accounts', json=body).json()['id']}/numbers"
        for answer in (api.get(path, params={"country": "GB"}), api.post(path, json={"value": "+447700900001"})):
            assert (answer.status_code, answer.json()["code"]) == (422, "inboxes.numbers_not_sold")
        assert api.post(path, json={"value": "447700900001"}).json()["errors"][0]["field"] == "value"
        assert api.get(path).json()["errors"][0]["field"] == "country"
        assert api.delete(f"{path}/ina_0c2k9fq7w3a1n").status_code == 404


def test_numbers_for_development(in_process: InProcessServer) -> None:
    with in_process.client(in_process.new_org()) as api:
        account = api.post("/api/v2/inbox/accounts", json={"kind": "log", "name": "Log"}).json()["id"]
        path = f"/api/v2/inbox/accounts/{account}/numbers"
        found = api.get(path, params={"country": "GB", "contains": "*12", "limit": 2}).json()["data"]
        assert [one["value"] for one in found] == ["+447700900012", "+447700900112"]
        made = api.post(path, json={"value": found[0]["value"]}).json()
        assert made["account_id"] == account
        assert api.delete(f"{path}/{made['id']}").status_code == 204
