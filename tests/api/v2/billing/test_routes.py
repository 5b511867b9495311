"""Bills over HTTP: the month to date, and statements as documents and as files."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from penstock.bootstrap.server import Control
from penstock.kit.ids import OrgId, Prefix, StatementId, decode, encode
from tests.adapters.storage.sqlite.test_billing import JUNE_US, MAY_US, statement
from tests.support.in_process import InProcessServer
from tests.support.server import Org

PATH = "/api/v2/billing"


@pytest.fixture
def org(in_process: InProcessServer) -> Org:
    """An organisation that pays, with two statements."""
    made = in_process.new_org()
    name = next(name for name, one in in_process.orgs.items() if one is made)

    async def pay(control: Control) -> None:
        await control.subscriptions.set_plan(name, "datakubo_starter")
        org_id = OrgId(decode(Prefix.ORGANIZATION, made.organization_id) or 0)
        async with control.database.transaction(org_id) as tx:
            for at, begin_us in enumerate((MAY_US, JUNE_US)):
                await tx.bills.add(statement(org_id + at, begin_us))

    in_process.run(pay)
    return made


@pytest.fixture
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


def test_the_month_to_date_has_its_base_cost(api: httpx.Client) -> None:
    found = api.get(f"{PATH}/summary").json()
    assert (found["tier"], found["active_devices"], found["total_cost"], found["currency"]) == ("starter", 0, "49.00", "EUR")
    assert found["from"] < found["to"]


def test_statements_are_listed_latest_month_first(api: httpx.Client) -> None:
    first = api.get(f"{PATH}/statements", params={"limit": "1"}).json()
    rest = api.get(f"{PATH}/statements", params={"limit": "1", "cursor": first["next_cursor"]}).json()
    assert [one["month"] for one in (*first["data"], *rest["data"])] == ["2026-06", "2026-05"]
    assert api.get(f"{PATH}/statements/{first['data'][0]['id']}").json() == first["data"][0]


@pytest.mark.parametrize(("form", "media", "begin"), [("csv", "text/csv", b"month,"), ("pdf", "application/pdf", b"%PDF-")])
def test_a_statement_as_a_file(form: str, media: str, begin: bytes, api: httpx.Client) -> None:
    (newest, _) = api.get(f"{PATH}/statements").json()["data"]
    found = api.get(f"{PATH}/statements/{newest['id']}/file", params={"format": form})
    assert found.headers["content-type"].startswith(media)
    assert f'filename="statement-2026-06.{form}"' in found.headers["content-disposition"]
    assert found.content.startswith(begin)


def test_another_organisation_has_none_of_them(in_process: InProcessServer, api: httpx.Client) -> None:
    (newest, _) = api.get(f"{PATH}/statements").json()["data"]
    with in_process.client(in_process.orgs["Other"]) as stranger:
        for path in (f"{PATH}/statements/{newest['id']}", f"{PATH}/statements/{newest['id']}/file?format=csv"):
            assert (stranger.get(path).status_code, stranger.get(path).json()["code"]) == (404, "statements.not_found")
        assert stranger.get(f"{PATH}/statements").json()["data"] == []
    assert api.get(f"{PATH}/statements/{encode(Prefix.STATEMENT, StatementId(1))}").status_code == 404
