"""The contract of `penstock bootstrap --json`, which other tools rely on."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from penstock.cli.bootstrap import bootstrap
from penstock.core.tenancy.scopes import ALL
from tests.support.server import RunningServer, run_cli

from .commands import names_in, output, refusal


def command(data_dir: Path, org: str, *more: str) -> tuple[str, ...]:
    return ("bootstrap", "--data-dir", str(data_dir), "--org", org, "--email", "me@example.org", *more)


def test_json_holds_exactly_what_is_promised_and_a_name_is_refused_twice(tmp_path: Path) -> None:
    data_dir = tmp_path / "deep" / "data"
    printed = output(*command(data_dir, "Acme", "--json"))
    assert len(printed.splitlines()) == 1
    made = json.loads(printed)
    assert list(made) == ["organization_id", "project_id", "project_alias", "user_email", "user_password", "api_key"]
    assert made["organization_id"].startswith("org_")
    assert made["project_id"].startswith("prj_")
    assert made["user_email"] == "me@example.org"
    assert len(made["user_password"]) >= 20
    assert made["api_key"].startswith("psk_")

    before = {path: path.read_bytes() for path in data_dir.rglob("penstock.db")}
    assert refusal(run_cli(*command(data_dir, "Acme", "--json"))) == "organisation Acme already exists"
    assert {path: path.read_bytes() for path in data_dir.rglob("penstock.db")} == before
    assert json.loads(output(*command(data_dir, "Acme 2", "--json")))["organization_id"] != made["organization_id"]
    assert {"penstock.db", "secret.key"} <= names_in(data_dir)
    assert data_dir.stat().st_mode & 0o077 == 0


def test_for_people_the_same_is_printed_with_a_warning(tmp_path: Path) -> None:
    printed = output(*command(tmp_path / "data", "Acme")).splitlines()
    assert [line.split()[0] for line in printed[:6]] == [
        "organization_id",
        "project_id",
        "project_alias",
        "user_email",
        "user_password",
        "api_key",
    ]
    assert printed[6] == (
        "Copy the password and the key now: they are not shown again. For the examples of the guide, in a shell:"
    )


def test_beside_a_running_server_the_key_works_at_once(server: RunningServer) -> None:
    made = json.loads(output(*command(server.data_dir, "Bootstrapped beside", "--json")))
    headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
    me = httpx.get(f"{server.base_url}/api/v2/me", headers=headers)
    assert me.status_code == 200
    assert set(me.json()["scopes"]) == ALL
    projects = httpx.get(f"{server.base_url}/api/v2/projects", headers=headers).json()["data"]
    assert [(one["id"], one["is_default"]) for one in projects] == [(made["project_id"], True)]


@pytest.mark.parametrize(
    ("org", "email", "told"),
    [
        ("", "a@b.example", "--org"),
        ("x" * 201, "a@b.example", "--org"),
        ("a\tb", "a@b.example", "--org"),
        ("Acme", "nobody", "--email"),
        ("Acme", "@", "--email"),
        ("Acme", "a b@c.example", "--email"),
    ],
)
def test_a_bad_name_or_address_is_refused(tmp_path: Path, org: str, email: str, told: str) -> None:
    with pytest.raises(SystemExit, match=told):
        bootstrap(data_dir=tmp_path / "data", org=org, email=email)


def test_a_refusal_is_one_line(tmp_path: Path) -> None:
    done = run_cli("bootstrap", "--data-dir", str(tmp_path / "data"), "--org", "Acme", "--email", "nobody")
    assert refusal(done) == "--email must be an e-mail address"
