"""Tokens as a part of a server: a seed that an import replaces counts at the next call, although it is kept in memory."""

from __future__ import annotations

import pyotp

from tests.support.in_process import InProcessServer

BEFORE, AFTER = "JBSWY3DPEHPK3PXPGEZDGNBV", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_an_imported_seed_replaces_the_one_in_memory(in_process: InProcessServer) -> None:
    with in_process.client(in_process.new_org()) as api:
        for secret, conflict in ((BEFORE, "skip"), (AFTER, "replace")):
            content = f"otpauth://totp/Acme:ada?secret={secret}&digits=8"
            body = {"format": "otpauth", "content": content, "conflict": conflict}
            api.post("/api/v2/tokens/import", json=body).raise_for_status()
            code = api.get("/api/v2/tokens/acme-ada/code").raise_for_status().json()["code"]
            assert pyotp.TOTP(secret, digits=8).verify(code, valid_window=1)
