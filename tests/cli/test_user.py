"""`penstock user`: help for whoever is locked out."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.api.v2.people.somebody import audit, code, enrol, hang_up, owner_of
from tests.support.server import Org, RunningServer, run_cli
from tests.support.waiting import awaited

from .commands import output


@pytest.fixture
def org(server: RunningServer) -> Iterator[Org]:
    """An organisation whose owner these tests may lock out."""
    made = output("bootstrap", "--org", "Locked", "--email", "locked@example.org", "--data-dir", str(server.data_dir), "--json")
    yield Org(**json.loads(made))
    hang_up()


def test_the_command_line_helps_whoever_is_locked_out(server: RunningServer, org: Org) -> None:
    somebody = owner_of(server, org)
    enrol(somebody)
    data = ("--data-dir", str(server.data_dir))
    assert somebody.email in run_cli("user", "list", *data).stdout
    assert run_cli("user", "remove-mfa", "--email", somebody.email, *data).returncode == 0
    made = run_cli("user", "set-password", "--email", somebody.email, *data)
    assert made.returncode == 0
    awaited(lambda: not somebody.works)
    somebody.sign_in(password=made.stdout.split()[-1])
    assert run_cli("user", "suspend", "--email", somebody.email, *data).returncode == 0
    awaited(lambda: not somebody.works)
    assert code(somebody.try_sign_in(password=made.stdout.split()[-1])) == (401, "auth.sign_in_failed")
    assert run_cli("user", "resume", "--email", somebody.email, *data).returncode == 0
    somebody.sign_in(password=made.stdout.split()[-1])
    missing = run_cli("user", "suspend", "--email", "nobody@example.org", *data)
    assert missing.returncode != 0
    assert "nobody@example.org" in missing.stderr
    assert audit(server, org, "user.suspend")[0]["target_name"] == somebody.email
