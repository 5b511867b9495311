"""Types that openapi-typescript makes of a server's document compile strictly, and a program that uses them works."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import httpx
import pytest

from tests.support.document_tools import DOCUMENT, PACKAGES, npm_program, run, written
from tests.support.server import Org, RunningServer
from tests.support.typescript import compile_in, require_node

PROGRAM = Path(__file__).with_name("programs") / "use.ts"
TYPES = "penstock.d.ts"
STRICT = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "skipLibCheck": False,
    "module": "nodenext",
    "target": "es2022",
    "types": ["node"],
    "typeRoots": [str(PACKAGES / "@types")],
}


@pytest.fixture(scope="module")
def folder(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with the types and a program that uses them, compiled."""
    generator = npm_program("openapi-typescript")
    made = written(tmp_path_factory.mktemp("typed"), httpx.get(f"{server.base_url}/openapi.json").content)
    run(generator, DOCUMENT, "--output", TYPES, "--default-non-nullable", "false", folder=made)
    (made / "node_modules").symlink_to(PACKAGES)
    shutil.copy(PROGRAM, made)
    (made / "package.json").write_text(json.dumps({"name": "use", "type": "module"}))
    (made / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICT, "files": [PROGRAM.name, TYPES]}))
    compile_in(made, "-p", ".")
    return made


def test_the_types_name_every_operation(folder: Path) -> None:
    document = json.loads((folder / DOCUMENT).read_bytes())
    types = (folder / TYPES).read_text("utf-8")
    operations = {operation["operationId"] for item in document["paths"].values() for operation in item.values()}
    assert {name for name in operations if f'operations["{name}"]' not in types} == set()
    schemas = document["components"]["schemas"].keys()
    assert {name for name in schemas if f"\n        {name}:" not in types} == set()


def test_a_program_uses_the_types(folder: Path, server: RunningServer, acme: Org) -> None:
    printed = run(require_node(), folder / "use.js", server.base_url, acme.api_key, acme.organization_id, folder=folder)
    assert printed == "used\n"
