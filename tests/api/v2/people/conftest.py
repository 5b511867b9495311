"""A server with two organisations that mails for real, shared by the tests of people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.v2.people.somebody import hang_up
from tests.support.mailbox import Mailbox, smtp_server
from tests.support.server import Org, RunningServer, running_server


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[RunningServer]:
    """A server that mails for real, and believes what X-Forwarded-For says so that tests can come from anywhere."""
    environment = {
        **mailbox.settings,
        "PENSTOCK_MAIL_SENDER": "Penstock <iot@example.org>",
        "PENSTOCK_HTTP_TRUSTED_PROXIES": "127.0.0.1",
        "PENSTOCK_PEOPLE_ATTEMPTS_PER_ACCOUNT": "5",
        "PENSTOCK_PEOPLE_ATTEMPTS_PER_ADDRESS": "30",
        "PENSTOCK_PEOPLE_MAX_WAIT_S": "2",
    }
    data = tmp_path_factory.mktemp("people") / "data"
    with running_server(data, orgs=("North", "South"), environment=environment) as running:
        yield running


@pytest.fixture
def north(house: RunningServer) -> Org:
    return house.orgs["North"]


@pytest.fixture
def south(house: RunningServer) -> Org:
    return house.orgs["South"]


@pytest.fixture(autouse=True)
def nobody_stays_connected() -> Iterator[None]:
    yield
    hang_up()
