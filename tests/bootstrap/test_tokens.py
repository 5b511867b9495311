"""Tokens in a whole server: what another process changes counts within a moment."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyotp

from penstock.adapters.storage.sqlite.connection import statements
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from tests.api.v2.tokens.test_routes import PATH, made
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.waiting import eventually


def test_a_change_by_another_process_is_noticed(tmp_path: Path) -> None:
    with in_process_server(tmp_path / "data") as server, server.client(server.orgs["Acme"]) as api:
        made(api)
        assert api.get(f"{PATH}/aws-prod/code").status_code == 200
        with closing(sqlite3.connect(tmp_path / "data" / CONTROL_FILE, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("UPDATE tokens SET name = 'aws'")
            other.execute(statements()["note_credential_change"])
            other.execute("COMMIT")
        assert eventually(lambda: api.get(f"{PATH}/aws-prod/code").status_code == 404)
        assert api.get(f"{PATH}/aws/code").status_code == 200


def test_an_imported_seed_replaces_the_one_in_memory(in_process: InProcessServer) -> None:
    with in_process.client(in_process.new_org()) as api:
        for secret, conflict in (("JBSWY3DPEHPK3PXPGEZDGNBV", "skip"), ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "replace")):
            content = f"otpauth://totp/Acme:ada?secret={secret}&digits=8"
            body = {"format": "otpauth", "content": content, "conflict": conflict}
            api.post(f"{PATH}/import", json=body).raise_for_status()
            code = api.get(f"{PATH}/acme-ada/code").raise_for_status().json()["code"]
            assert pyotp.TOTP(secret, digits=8).verify(code, valid_window=1)
