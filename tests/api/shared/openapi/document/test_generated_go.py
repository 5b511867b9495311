"""A client that openapi-generator makes for Go compiles, and a program that uses it works; where there are Java and Go."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest

from tests.support.document_tools import DOCUMENT, GO_GENERATOR, require_java_and_go, run, written
from tests.support.server import Org, RunningServer

PROGRAM = Path(__file__).with_name("programs") / "use.go"
MODULE = "example.org/penstock"
OPTIONS = ("packageName=penstock", "useOneOfDiscriminatorLookup=true", "withGoMod=false")
NO_TESTS = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
OFFLINE = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
"""What is generated imports nothing but Go's own library, so that nothing is downloaded."""


@pytest.mark.prove
def test_a_program_in_go_uses_the_client(server: RunningServer, acme: Org, tmp_path: Path) -> None:
    java, go = require_java_and_go()
    folder = written(tmp_path, httpx.get(f"{server.base_url}/openapi.json").content)
    options = ["--additional-properties", ",".join(OPTIONS), "--global-property", NO_TESTS]
    run(java, "-jar", GO_GENERATOR, "generate", "-g", "go", "-i", DOCUMENT, "-o", "client", *options, folder=folder)
    client = folder / "client"
    (client / "go.mod").write_text(f"module {MODULE}\n\ngo 1.23\n")
    (client / "cmd").mkdir()
    shutil.copy(PROGRAM, client / "cmd" / "main.go")
    run(go, "vet", "./...", folder=client, variables=OFFLINE)
    run(go, "build", "-o", "use", "./cmd", folder=client, variables=OFFLINE)
    assert run(client / "use", server.base_url, acme.api_key, acme.organization_id, folder=client) == "used\n"
