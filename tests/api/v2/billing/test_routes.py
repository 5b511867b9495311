"""Bills over HTTP: the month to date, and statements as documents and as files."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from penstock.bootstrap.server import Control
from penstock.kit.ids import OrgId, Prefix, StatementId, decode, encode
from penstock.settings import FILE_NAME
from tests.adapters.storage.sqlite.test_billing import JUNE_US, MAY_US, statement
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org

PATH = "/api/v2/billing"


PRICED = """
[plans.priced.price]
tier = "starter"
base_cost = "49.00"
device_cost = "0.59"
included_devices = 25
currency = "EUR"
"""


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    """A server with a plan that costs something."""
    data_dir = tmp_path_factory.mktemp("paid") / "data"
    data_dir.mkdir(mode=0o700)
    (data_dir / FILE_NAME).write_text(PRICED)
    with in_process_server(data_dir, orgs=()) as server:
        yield server


@pytest.fixture
def org(paid: InProcessServer) -> Org:
    """An organisation that pays, with two statements."""
    made = paid.new_org()
    name = next(name for name, one in paid.orgs.items() if one is made)

    async def pay(control: Control) -> None:
        await control.subscriptions.set_plan(name, "priced")
        org_id = OrgId(decode(Prefix.ORGANIZATION, made.organization_id) or 0)
        async with control.database.transaction(org_id) as tx:
            for at, begin_us in enumerate((MAY_US, JUNE_US)):
                await tx.bills.add(statement(org_id + at, begin_us))

    paid.run(pay)
    return made


@pytest.fixture
def api(paid: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with paid.client(org) as client:
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


def test_another_organisation_has_none_of_them(paid: InProcessServer, api: httpx.Client) -> None:
    (newest, _) = api.get(f"{PATH}/statements").json()["data"]
    with paid.client(paid.new_org()) as stranger:
        for path in (f"{PATH}/statements/{newest['id']}", f"{PATH}/statements/{newest['id']}/file?format=csv"):
            assert (stranger.get(path).status_code, stranger.get(path).json()["code"]) == (404, "statements.not_found")
        assert stranger.get(f"{PATH}/statements").json()["data"] == []
    assert api.get(f"{PATH}/statements/{encode(Prefix.STATEMENT, StatementId(1))}").status_code == 404
